"""Tabs that are used again: another first visit in a warm tab takes half the time of a new one."""

from playwright.sync_api import BrowserContext, Dialog, Page

NOWHERE = (-10, -10)
FORGOTTEN = "cookies,local_storage,indexeddb,cache_storage,service_workers"


class Tabs:
    """Tabs of one browser, each as empty as a new one when it is given out.

    Nothing of an earlier visit is left but the files that the browser keeps to save time. What
    changes a tab for good (a script at its start) ends with the tab: who does that closes
    it.
    """

    def __init__(self, profile: BrowserContext, origin: str) -> None:
        self.profile = profile
        self.origin = origin
        self._empty: list[Page] = []

    def take(self) -> Page:
        """Return a tab in front, where nobody has been."""
        page = self._empty.pop() if self._empty else self.profile.new_page()
        page.bring_to_front()
        self._tell(page, "Storage.clearDataForOrigin", origin=self.origin, storageTypes=FORGOTTEN)
        return page

    def give_back(self, page: Page) -> None:
        """Leave what the tab shows, and all that only this tab remembers."""
        if page.is_closed():
            return
        page.on("dialog", _leave)
        page.goto(f"{self.origin}/_stcore/health")  # of the same origin, with no script that writes
        page.remove_listener("dialog", _leave)
        page.unroute_all()
        page.evaluate("sessionStorage.clear(); window.name = ''")
        page.mouse.move(*NOWHERE)
        self._tell(page, "Page.resetNavigationHistory")
        self._empty.append(page)

    def _tell(self, page: Page, command: str, **what: str) -> None:
        session = self.profile.new_cdp_session(page)
        session.send(command, what)
        session.detach()


def _leave(dialog: Dialog) -> None:
    """Answer a page that warns of what would be lost."""
    dialog.accept()
