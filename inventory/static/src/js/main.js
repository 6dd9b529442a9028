// Every page: htmx, without the parts that a strict content policy forbids (see its configuration in base.html).
import htmx from "htmx.org";

window.htmx = htmx;
