/** The seven classes a comment can have. Codes and labels are the contract of the kept API (`/meta/classification-types`). */
export const commentClasses = {
  positive: { code: 1, label: 'positive feedback' },
  critical: { code: 2, label: 'critical feedback' },
  urgent: { code: 3, label: 'urgent issue / complaint' },
  question: { code: 4, label: 'question / inquiry' },
  partnership: { code: 5, label: 'partnership proposal' },
  toxic: { code: 6, label: 'toxic / abusive' },
  spam: { code: 7, label: 'spam / irrelevant' },
} as const;
export type CommentClass = keyof typeof commentClasses;
export type CommentClassLabel = (typeof commentClasses)[CommentClass]['label'];

export const commentClassNames: readonly CommentClass[] = [
  'positive',
  'critical',
  'urgent',
  'question',
  'partnership',
  'toxic',
  'spam',
];

export interface Verdict {
  readonly class: CommentClass;
  /** 0 to 100, whole. */
  readonly confidence: number;
  readonly reason: string;
  /** ISO 639-1 code of the comment's language, or 'und'. */
  readonly language: string;
  readonly model: string;
  readonly promptVersion: string;
  /** What equal comments find it by; left out where it holds for its own comment only. */
  readonly likeness?: string;
}

export function classOfLabel(label: string): CommentClass | undefined {
  return commentClassNames.find((name) => commentClasses[name].label === label);
}

/** As people and older programs name a class: by its name, its label or its code, as a number or as text. */
export function classNamed(given: string | number): CommentClass | undefined {
  const plain = String(given).trim().toLowerCase();
  return commentClassNames.find((name) => {
    const { code, label } = commentClasses[name];
    return plain === name || plain === label || plain === String(code);
  });
}
