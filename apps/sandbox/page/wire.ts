/** What the sandbox's server sends to its page. Times are ISO 8601. */
export interface SandboxComment {
  readonly id: string;
  readonly username: string;
  readonly text: string;
  readonly timestamp: string;
  readonly hidden: boolean;
  readonly parentId?: string | null;
  /** Written by the bakery itself. */
  readonly own: boolean;
}

export interface TopLevelComment extends SandboxComment {
  readonly replies: readonly SandboxComment[];
}

export interface Post {
  readonly id: string;
  readonly caption: string;
  readonly type: string;
  readonly product?: string;
  readonly pictureUrl: string;
  /** All pictures of a carousel. */
  readonly pictures?: readonly string[];
  readonly timestamp: string;
  readonly likes: number;
  /** Oldest first. */
  readonly comments: readonly TopLevelComment[];
}

export interface TelegramMessage {
  readonly messageId: number;
  readonly chatId: string;
  readonly threadId?: number | null;
  /** Telegram HTML. */
  readonly text: string;
  readonly at: string;
  readonly edited?: boolean;
}

export interface SandboxAccount {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly avatarUrl: string;
}

export interface SandboxState {
  readonly account: SandboxAccount;
  readonly posts: readonly Post[];
  readonly telegram: readonly TelegramMessage[];
}

export interface Suggestion {
  readonly text: string;
  readonly class: string;
  readonly language: string;
  readonly mediaId?: string | null;
}

/** How the webhook about some comments went; `status` is null when nothing answered. */
export interface Delivery {
  readonly ids: readonly string[];
  readonly status: number | null;
  readonly attempts: number;
  readonly state: string;
}

export interface ModelCall {
  readonly callId: number | string;
  readonly kind: string;
  readonly commentText: string;
}

export interface Decision {
  readonly id: string;
  readonly at: string;
  readonly step: string;
  readonly reason: string;
  readonly explanation: string;
  readonly actor: string;
  readonly detail?: Readonly<Record<string, unknown>> | null;
}

export interface Verdict {
  readonly class: string;
  readonly label: string;
  readonly confidence: number;
  readonly reason: string;
  readonly language: string;
}

export interface ReplyOfOurs {
  readonly id: string;
  readonly state: string;
  readonly text: string | null;
  readonly sources: readonly { readonly passageId: string; readonly title: string }[];
}

/** One comment as the system explains it: what it is, what was done, and every step with its reason. */
export interface Explanation {
  readonly comment: {
    readonly id: string;
    readonly stage: string;
    readonly outcome: string | null;
    readonly actions: readonly string[];
    readonly hidden: boolean;
    readonly verdict: Verdict | null;
    readonly reply: ReplyOfOurs | null;
  };
  readonly decisions: readonly Decision[];
}
