// What the server wrote into the page for us: words in the user's language, and the token.

export const csrfToken = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

/** A word the template put on <body data-…>; scripts hold no sentences of their own. */
export const word = (name) => document.body.dataset[name] ?? "";

/** Run for every element matching, now and whenever htmx brings new content. */
export function whenever(selector, act) {
  const each = (root) => {
    if (root.matches?.(selector)) act(root);
    root.querySelectorAll?.(selector).forEach(act);
  };
  each(document);
  document.addEventListener("htmx:load", (event) => each(event.detail.elt));
}
