// The desk: what its pages need beyond HTML and htmx. Without it everything still works, by links and forms.

import "./desk-swap.js";
import "./desk-thread.js";
import "./desk-composer.js";
import "./desk-done.js";
import "./desk-roving.js";
import "./desk-viewer.js";
import "./desk-keys.js";
import "./desk-window.js";
import "./desk-together.js";
import "./desk-notes.js";
import "./desk-second.js";
