import { Seeded } from '../../support/seeded.js';

export interface ClusteredPassage {
  readonly heading: string;
  readonly text: string;
  /** Whole numbers; only its direction means something. */
  readonly vector: Int16Array;
}

export interface ClusteredQuestion {
  readonly text: string;
  readonly vector: Int16Array;
}

const topics = 400;
const concepts = 4_000;
const conceptsPerTopic = 40;
const conceptsPerDocument = 12;
const passagesPerDocument = 25;
const conceptsPerPassage = 7;
/** Of a passage's concepts those that a question about it is made of. */
const conceptsPerQuestion = 4;
/** A question brings something of its own, too. */
const otherConcepts = 2;
const wordsPerConcept = 4;
const commonWords = 3_000;
const wordsPerPassage = 90;
const commonPerQuestion = 4;

// Weights against each other, so that directions lie as those of real texts do: any two have something in common, two
// of one topic more, and a question is nearer to its passage than to anything else.
const weights = { language: 0.5, topic: 0.6, concept: 0.6, noise: 0.2 };
/** What a passage is about first weighs most. */
const fading = 0.85;
/** What texts differ in at all: most of a real model's dimensions say little, and the first few say a lot. */
const themes = 256;
const themesFade = 0.3;
/** Components become whole numbers of a few digits: finer than halfvec keeps them, and short to send. */
const scale = 4_000;

/**
 * Passages and questions of a large knowledge whose vectors lie in clusters, as those of real texts do: on vectors that
 * are random in every direction every index fails. A passage is about some concepts of its topic; words and vector are
 * made of the same, and a question takes some of a passage's concepts, half of them in other words.
 */
export class ClusteredKnowledge {
  private readonly chance: Seeded;
  private readonly themeVectors: readonly Float32Array[];
  private readonly language: Float32Array;
  private readonly topicVectors: readonly Float32Array[];
  private readonly conceptVectors: readonly Float32Array[];
  private readonly conceptsOf: readonly (readonly number[])[];
  private readonly noises: readonly Float32Array[];
  private readonly commonBelow: readonly number[];
  private document: { topic: number; about: readonly number[]; left: number } = { topic: 0, about: [], left: 0 };

  constructor(
    seed: number,
    private readonly dimensions: number,
  ) {
    this.chance = new Seeded(seed);
    this.themeVectors = Array.from({ length: themes }, () => this.direction());
    this.language = this.direction();
    this.topicVectors = Array.from({ length: topics }, () => this.meaning());
    this.conceptVectors = Array.from({ length: concepts }, () => this.meaning());
    this.conceptsOf = Array.from({ length: topics }, () =>
      Array.from({ length: conceptsPerTopic }, () => this.chance.between(0, concepts - 1)),
    );
    this.noises = Array.from({ length: 512 }, () => this.direction());
    this.commonBelow = zipf(commonWords);
  }

  /** What is asked about it is asked with `questionAbout`. */
  passage(): ClusteredPassage & { readonly about: readonly number[]; readonly topic: number } {
    if (this.document.left === 0) this.document = this.newDocument();
    this.document.left -= 1;
    const { topic } = this.document;
    const about = this.some(this.document.about, conceptsPerPassage);
    const words = Array.from({ length: wordsPerPassage }, () =>
      this.chance.next() < 0.6 ? this.commonWord() : this.wordOf(this.chance.pick(about)),
    );
    const heading = [this.wordOf(about[0] ?? 0), this.commonWord()].join(' ');
    return { topic, about, heading, text: `${words.join(' ')}.`, vector: this.vectorOf(topic, about) };
  }

  questionAbout({ topic, about }: { readonly about: readonly number[]; readonly topic: number }): ClusteredQuestion {
    const asked = about.slice(0, conceptsPerQuestion);
    const words = [
      ...asked.slice(0, 3).map((concept) => this.wordOf(concept)),
      ...Array.from({ length: commonPerQuestion }, () => this.commonWord()),
    ];
    const others = Array.from({ length: otherConcepts }, () => this.chance.between(0, concepts - 1));
    return { text: `${this.chance.shuffled(words).join(' ')}?`, vector: this.vectorOf(topic, [...asked, ...others]) };
  }

  private newDocument(): { topic: number; about: readonly number[]; left: number } {
    const topic = this.chance.between(0, topics - 1);
    const about = this.some(this.conceptsOf[topic] ?? [], conceptsPerDocument);
    return { topic, about, left: passagesPerDocument };
  }

  private vectorOf(topic: number, about: readonly number[]): Int16Array {
    const sum = new Float32Array(this.dimensions);
    add(sum, this.language, weights.language);
    add(sum, this.topicVectors[topic], weights.topic);
    for (const [place, concept] of about.entries())
      add(sum, this.conceptVectors[concept], weights.concept * fading ** place);
    for (let times = 0; times < 4; times += 1)
      add(sum, this.chance.pick(this.noises), weights.noise * (this.chance.next() < 0.5 ? -1 : 1));
    return Int16Array.from(sum, (component) => Math.round(component * scale));
  }

  /** Made of the themes alone. */
  private meaning(): Float32Array {
    const sum = new Float32Array(this.dimensions);
    for (const [rank, theme] of this.themeVectors.entries())
      add(sum, theme, (this.chance.next() + this.chance.next() - 1) * (rank + 1) ** -themesFade);
    return ofLengthOne(sum);
  }

  /** Random in every direction: where many of them meet, they are all but at right angles. */
  private direction(): Float32Array {
    return ofLengthOne(
      Float32Array.from({ length: this.dimensions }, () => this.chance.next() + this.chance.next() - 1),
    );
  }

  private some(list: readonly number[], count: number): readonly number[] {
    return this.chance.shuffled(list).slice(0, count);
  }

  private wordOf(concept: number): string {
    return wordAt(commonWords + concept * wordsPerConcept + this.chance.between(0, wordsPerConcept - 1));
  }

  private commonWord(): string {
    const at = this.chance.next();
    let [low, high] = [0, this.commonBelow.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.commonBelow[middle] ?? 1) > at) high = middle;
      else low = middle + 1;
    }
    return wordAt(low);
  }
}

function ofLengthOne(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return vector.map((component) => component / length);
}

function add(sum: Float32Array, vector: Float32Array | undefined, weight: number): void {
  if (!vector) return;
  for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] ?? 0) + weight * (vector[at] ?? 0);
}

/** How often words are used in any language, those left out that carry no meaning: a few often, most seldom. */
function zipf(count: number): readonly number[] {
  const shares = Array.from({ length: count }, (_, rank) => 1 / (rank + 20));
  const all = shares.reduce((sum, share) => sum + share, 0);
  let below = 0;
  return shares.map((share) => (below += share / all));
}

const syllables = [
  ['ba', 'do', 'fi', 'ga', 'ku', 'le', 'mi', 'no', 'pe', 'ra', 'so', 'tu', 'va', 'zo', 'cha', 'shi'],
  ['ба', 'до', 'фи', 'га', 'ку', 'ле', 'ми', 'но', 'пе', 'ра', 'со', 'ту', 'ва', 'зо', 'ча', 'ши'],
] as const;

/** A word of its own for each number, in one of two alphabets. */
function wordAt(number: number): string {
  const [alphabet, ending] = number % 2 === 0 ? [syllables[0], 'k'] : [syllables[1], 'к'];
  let rest = number;
  let word = '';
  do {
    word += alphabet[rest % 16];
    rest = Math.floor(rest / 16);
  } while (rest > 0);
  return `${word}${alphabet[(number * 7) % 16]}${ending}`;
}
