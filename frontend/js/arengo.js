// Loaded by every page. Each module below does one thing that HTML and htmx cannot, and does nothing on pages without it.

import "./announce.js";
import "./csrf.js";
import "./once.js";
import "./drafts.js";
import "./presence.js";
import "./menus.js";
import "./dialogs.js";
import "./copy.js";
import "./times.js";
import "./connection.js";
import "./kept.js";
import "./counts.js";
import "./removed.js";
