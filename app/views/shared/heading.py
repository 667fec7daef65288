"""Headings: one of the page, and one of each part of it, for eyes and for screen readers alike."""

import streamlit as st


def page(question: str) -> None:
    """Draw the page's own heading, its h1: the question that it answers."""
    st.title(question, anchor=False)


def small(question: str) -> None:
    """Draw the page's heading where most of the screen is its picture's."""
    with st.container(key="small-heading"):
        page(question)


def unseen(question: str) -> None:
    """Draw the page's heading for screen readers alone, where the page has no room for it."""
    with st.container(key="unseen-heading"):
        page(question)


def part(text: str) -> None:
    """Draw the heading of a part of the page, an h2."""
    st.header(text, anchor=False)
