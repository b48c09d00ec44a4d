// The desk: what its pages need beyond HTML and htmx. Without it everything still works, by links and forms.

import "./desk-list.js"; // before desk-swap.js: it makes answers fit for what stands here
import "./desk-swap.js";
import "./desk-pushed.js";
import "./desk-alerts.js";
import "./desk-thread.js";
import "./desk-uploads.js"; // before the composer: a press with files that are not up waits there
import "./desk-replies.js";
import "./desk-composer.js";
import "./desk-drafts.js";
import "./desk-format.js";
import "./desk-emoji.js";
import "./desk-done.js";
import "./desk-roving.js";
import "./desk-viewer.js";
import "./desk-keys.js";
import "./desk-window.js";
import "./desk-together.js";
import "./desk-notes.js";
import "./desk-second.js";
import "./desk-presence.js";
