/** Said about a brand's post these are praise, whoever says them. */
const praising =
  '❤ 🧡 💛 💚 💙 💜 🤎 🖤 🤍 🩷 🩵 🩶 ♥ ❣ 💕 💞 💓 💗 💖 💘 💝 💟 ❤‍🔥 ❤‍🩹 🫶 😍 🥰 😘 😚 😙 😗 😻 💋 🤩 😊 ☺ 😃 😄 😀 😁 🙂 🤗 😋 🤤 🥳 😇 😌 ' +
  '👍 👏 🙌 👌 🤌 💪 🤝 🔥 💯 🎉 🎊 🏆 🥇 🌟 ⭐ ✨ 💫 💐 🌹 🌷 🌸 🌺 🌻 🌼';

/** Decoration: says nothing by itself and takes nothing from praise beside it. */
const decorating =
  '🍰 🎂 🧁 🥐 🍞 🥖 🥧 🍯 🍓 🍒 🍎 🍏 🎃 🍪 🍩 🍫 🍬 ☕ 🍵 🥂 🍾 🎁 🎈 🦋 🐝 🌈 ☀ 🌞 🌙 🍀 🌿 🍃 🍂 🍁 ❄ ☃ 🎄 👀 🏠 📸 🎶 🎵';

const moods: ReadonlyMap<string, 'praise' | 'decoration'> = new Map([
  ...praising.split(' ').map((emoji) => [emoji, 'praise'] as const),
  ...decorating.split(' ').map((emoji) => [emoji, 'decoration'] as const),
]);

// Presentation, skin and marks that change nothing in what an emoji says.
const trimmings = /\uFE0E|\uFE0F|\p{Emoji_Modifier}/gu;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const punctuation = /^[\s.,!~…♪*_-]$/u;

/**
 * What a text of emoji says, by a small table. `praise`: at least one that praises, and none that does not. `decoration`:
 * nothing is said. Undefined: something else stands there (a letter, a question mark, an emoji that mocks, pleads or scolds).
 */
export function moodOf(text: string): 'praise' | 'decoration' | undefined {
  let mood: 'praise' | 'decoration' = 'decoration';
  for (const { segment } of graphemes.segment(text)) {
    if (punctuation.test(segment)) continue;
    const found = moods.get(segment.replaceAll(trimmings, ''));
    if (found === undefined) return undefined;
    if (found === 'praise') mood = 'praise';
  }
  return mood;
}
