// What the server wrote into the page for us: words in the user's language, and the token.

export const csrfToken = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

/** The address under which the application stands ("" at the root of its host), and who is signed in ("" for nobody). */
export const root = () => document.body.dataset.root ?? "";
export const username = () => document.body.dataset.person ?? "";

/** A word the template put on <body data-…>; scripts hold no sentences of their own. */
export const word = (name) => document.body.dataset[name] ?? "";

/** Run once for every element matching, now and whenever htmx brings new content (it calls the whole page so too). */
export function whenever(selector, act) {
  const done = new WeakSet();
  const once = (one) => {
    if (done.has(one)) return;
    done.add(one);
    act(one);
  };
  const each = (root) => {
    if (root.matches?.(selector)) once(root);
    root.querySelectorAll?.(selector).forEach(once);
  };
  each(document);
  document.addEventListener("htmx:load", (event) => each(event.detail.elt));
}
