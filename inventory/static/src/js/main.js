// Every page works without this file; with it, it answers as one types.
import htmx from "htmx.org";
import "./forms.js";
import "./combobox.js";
import "./labels.js";
import "./lists.js";
import "./frame.js";
import "./installing.js";
import "./presence.js";
import "./session.js";
import "./idle.js";
import "./unlock.js";
import { csrfToken } from "./page.js";

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrfToken();
});

// Scripts of a page (the station) reach htmx through the module, never through a global.
export { htmx };
