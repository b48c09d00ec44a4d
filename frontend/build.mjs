// Builds everything that the browser gets into build/static/arengo. Run by `npm run build`.
//
// One stylesheet a palette (Bootstrap Italia in that colour), one stylesheet of our own that takes every colour from
// custom properties, the fonts, the icons, htmx with its SSE extension, idiomorph, the emoji with their words, and our modules.
// Nothing is fetched.

import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import * as sass from "sass";

import { propertiesOf } from "./palette.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(HERE);
const MODULES = join(ROOT, "node_modules");
const TARGET = join(ROOT, "build", "static", "arengo");

// Only what our pages show: regular, italic, semibold and bold.
const FONTS = ["regular", "italic", "600", "700"].map((face) => `titillium-web-v10-latin-ext_latin-${face}.woff2`);

function compile(source, folder) {
  // Bootstrap Italia 2 is written with @import: its deprecation warnings are not ours to mend.
  return sass.compileString(source, {
    loadPaths: [MODULES, folder],
    style: "compressed",
    quietDeps: true,
    silenceDeprecations: ["import", "global-builtin", "color-functions"],
  }).css;
}

function compilePalette(name, palette, source, folder) {
  const variables = `$primary-h: ${palette.hue}; $primary-s: ${palette.saturation}; $primary-b: ${palette.brightness};\n`;
  const properties = Object.entries(propertiesOf(name, palette))
    .map(([property, value]) => `${property}:${value}`)
    .join(";");
  return `${compile(variables + source, folder)}\n:root{${properties}}\n`;
}

function write(folder, name, text) {
  writeFileSync(join(folder, name), text);
}

// The emoji picker draws itself under our Content-Security-Policy, which takes no style that stands in HTML: its sheet is made
// by script, and what it writes into `style` goes through the object model. Another version of it stops the build.
function underOurPolicy(source) {
  const changes = [
    [
      /const style = document\.createElement\('style'\);\s*style\.textContent = (.+);\s*this\.shadowRoot\.appendChild\(style\);/g,
      "const sheet = new CSSStyleSheet(); sheet.replaceSync($1); this.shadowRoot.adoptedStyleSheets = [sheet];",
    ],
    [
      /targetNode\.setAttribute\(attributeName, newValue\);/g,
      "if (attributeName === 'style') targetNode.style.cssText = newValue; else targetNode.setAttribute(attributeName, newValue);",
    ],
  ];
  for (const [before, after] of changes) {
    const found = source.match(before)?.length ?? 0;
    if (found !== 1) throw new Error(`emoji-picker-element is not as it was: ${before} is there ${found} times`);
    source = source.replace(before, after);
  }
  return source;
}

function copyEmoji(fresh) {
  const library = join(MODULES, "emoji-picker-element");
  const withoutMap = (name) => readFileSync(join(library, name), "utf8").replace(/^\/\/# sourceMappingURL=.*$/m, "");
  mkdirSync(join(fresh, "js", "emoji"));
  mkdirSync(join(fresh, "emoji"));
  write(join(fresh, "js", "emoji"), "picker.js", underOurPolicy(withoutMap("picker.js")));
  write(join(fresh, "js", "emoji"), "database.js", withoutMap("database.js"));
  copyFileSync(join(library, "i18n", "it.js"), join(fresh, "js", "emoji", "it.js"));
  for (const language of ["it", "en"]) {
    const words = join(MODULES, "emoji-picker-element-data", language, "cldr-native", "data.json");
    copyFileSync(words, join(fresh, "emoji", `${language}.json`));
  }
}

function build() {
  const started = Date.now();
  const folder = join(HERE, "scss");
  mkdirSync(dirname(TARGET), { recursive: true });
  // Its own folder for each build, so that two at once do not meddle with each other.
  const fresh = mkdtempSync(join(ROOT, "build", ".frontend-"));
  process.on("exit", () => rmSync(fresh, { recursive: true, force: true }));
  for (const part of ["fonts", "js", "licences", "palettes"]) mkdirSync(join(fresh, part), { recursive: true });

  const palettes = JSON.parse(readFileSync(join(HERE, "palettes.json"), "utf8"));
  const source = readFileSync(join(folder, "italia.scss"), "utf8");
  // All are judged before the first is compiled: a poor contrast stops the build at once.
  for (const [name, palette] of Object.entries(palettes)) propertiesOf(name, palette);
  for (const [name, palette] of Object.entries(palettes)) {
    write(join(fresh, "palettes"), `${name}.css`, compilePalette(name, palette, source, folder));
  }
  write(fresh, "arengo.css", compile(readFileSync(join(folder, "arengo.scss"), "utf8"), folder));

  const fonts = join(MODULES, "bootstrap-italia", "dist", "fonts", "Titillium_Web");
  for (const font of FONTS) copyFileSync(join(fonts, font), join(fresh, "fonts", font));
  copyFileSync(join(fonts, "OFL.txt"), join(fresh, "fonts", "OFL.txt"));
  copyFileSync(join(HERE, "fonts.css"), join(fresh, "fonts", "fonts.css"));
  const icons = readFileSync(join(MODULES, "bootstrap-italia", "dist", "svg", "sprites.svg"), "utf8");
  const ours = readFileSync(join(HERE, "symbols.svg"), "utf8").trim();
  copyFileSync(join(HERE, "icon.svg"), join(fresh, "icon.svg"));
  write(fresh, "sprites.svg", icons.replace("</svg>", () => "").trim() + ours + "</svg>\n");

  copyFileSync(join(MODULES, "htmx.org", "dist", "htmx.min.js"), join(fresh, "js", "htmx.min.js"));
  copyFileSync(join(MODULES, "htmx-ext-sse", "dist", "sse.min.js"), join(fresh, "js", "sse.min.js"));
  // As a module: its own is not minified.
  const idiomorph = readFileSync(join(MODULES, "idiomorph", "dist", "idiomorph.min.js"), "utf8");
  write(join(fresh, "js"), "idiomorph.js", `${idiomorph}\nexport { Idiomorph };\n`);
  copyEmoji(fresh);
  for (const module of readdirSync(join(HERE, "js"))) copyFileSync(join(HERE, "js", module), join(fresh, "js", module));

  // What we hand on carries the notice of who wrote it. (The font's is OFL.txt, beside the font.)
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  for (const library of Object.keys(dependencies)) {
    const licence = readdirSync(join(MODULES, library)).find((name) => /^licen[cs]e(\.\w+)?$/i.test(name));
    if (!licence) throw new Error(`${library} brings no licence`);
    copyFileSync(join(MODULES, library, licence), join(fresh, "licences", `${library.replace("/", "-")}.txt`));
  }

  // Swapped in whole: a build that fails half-way leaves the last good one in place.
  rmSync(TARGET, { recursive: true, force: true });
  chmodSync(fresh, 0o755); // mkdtemp keeps it to its owner
  renameSync(fresh, TARGET);
  console.log(`Built ${Object.keys(palettes).length} palettes, styles, fonts, icons and modules in ${(Date.now() - started) / 1000} s.`);
}

try {
  build();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
