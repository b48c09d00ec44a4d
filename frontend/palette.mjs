// From one hue to the colours that our own stylesheet uses, each with the contrast that it must reach.

const WHITE = [255, 255, 255];
const INK = [26, 26, 26];
const NIGHT = [22, 25, 29]; // --surface in the dark
const NIGHT_RAISED = [32, 36, 42]; // --surface-raised in the dark

function hsb(hue, saturation, brightness) {
  const s = saturation / 100;
  const b = brightness / 100;
  const channel = (n) => {
    const k = (n + hue / 60) % 6;
    return Math.round(255 * b * (1 - s * Math.max(0, Math.min(k, 4 - k, 1))));
  };
  return [channel(5), channel(3), channel(1)];
}

// WCAG 2.1, relative luminance and contrast ratio.
function luminance(rgb) {
  const [r, g, b] = rgb.map((value) => {
    const c = value / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function mix(one, other, share) {
  return one.map((value, index) => Math.round(value * share + other[index] * (1 - share)));
}

function hex(rgb) {
  return `#${rgb.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

function lightened(rgb, background, wanted) {
  for (let share = 1; share > 0; share -= 0.02) {
    const candidate = mix(rgb, WHITE, share);
    if (contrast(candidate, background) >= wanted) return candidate;
  }
  return WHITE;
}

/** The custom properties of one palette. Throws when a pair of colours would be hard to read. */
export function propertiesOf(name, { hue, saturation, brightness }) {
  const primary = hsb(hue, saturation, brightness);
  const strong = hsb(hue, saturation, brightness * 0.7);
  const tint = mix(primary, WHITE, 0.08);
  const onNight = lightened(primary, NIGHT_RAISED, 6);
  const nightTint = mix(onNight, NIGHT, 0.16);
  const pairs = [
    ["primary on white", primary, WHITE],
    ["strong on white", strong, WHITE],
    ["primary on its tint", primary, tint],
    ["ink on the tint", INK, tint],
    ["primary on the night", onNight, NIGHT_RAISED],
    ["primary on the night's tint", onNight, nightTint],
    ["ink on the night's button", NIGHT, onNight],
  ];
  for (const [what, one, other] of pairs) {
    const ratio = contrast(one, other);
    if (ratio < 4.5) throw new Error(`Palette ${name}: ${what} has contrast ${ratio.toFixed(2)}, less than 4.5.`);
  }
  return {
    "--palette-primary": hex(primary),
    "--palette-strong": hex(strong),
    "--palette-tint": hex(tint),
    "--palette-night": hex(onNight),
    "--palette-night-tint": hex(nightTint),
  };
}
