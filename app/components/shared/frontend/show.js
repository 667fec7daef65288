/** Whether the page can be shown to a lecture hall, by its key: what lists keys asks here. */

let isOffered = false;

/** @param {boolean} offered */
export function tellShow(offered) {
  isOffered = offered;
}

export const offersShow = () => isOffered;
