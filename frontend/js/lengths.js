// How long a text is, counted as the server counts (core/lengths.py): the unit is the platform's, from data-unit. The end of
// a line is one; space around the whole is not sent.

const COUNTS = {
  "utf-16": (text) => text.length,
  "code-points": (text) => [...text].length,
};

export function counted(text, unit) {
  return COUNTS[unit](text.replaceAll("\r\n", "\n").trim());
}
