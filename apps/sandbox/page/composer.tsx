import type { JSX, TargetedKeyboardEvent, TargetedSubmitEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icons.js';
import { writeComment, type NewComment } from './sandbox-api.js';
import { Samples } from './samples.js';
import type { Post, SandboxComment } from './wire.js';

/** Instagram's own limit. */
const longestComment = 2_200;
const customers = ['anna.k', 'leo_runs', 'marina.spb', 'tom.baker', 'dasha_photo', 'omar.h'];

interface ComposerProps {
  readonly post: Post;
  /** The comment to which the visitor writes back, if any. */
  readonly answering: SandboxComment | undefined;
  onWritten(commentId: string): void;
  onCancel(): void;
}

/** Where the visitor plays a customer. */
export function Composer({ post, answering, onWritten, onCancel }: ComposerProps): JSX.Element {
  const [name, setName] = useName();
  const [text, setText] = useState('');
  const { sending, problem, send } = useSending((words) => {
    const parent = answering && { parentId: answering.parentId ?? answering.id };
    return { text: words, username: name.trim() || 'guest', mediaId: post.id, ...parent };
  }, onWritten);
  const sendTyped = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (await send(text)) setText('');
  };

  return (
    <div class="composer">
      <form class="composer-form" onSubmit={(event) => void sendTyped(event)}>
        {answering && <Answering to={answering} onCancel={onCancel} />}
        <NameField name={name} onName={setName} />
        <TextField text={text} answering={answering} onText={setText} />
        <button type="submit" class="button button-main" disabled={sending || text.trim() === ''}>
          Post
        </button>
      </form>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <Samples postId={post.id} disabled={sending} onPick={(words) => void send(words)} />
    </div>
  );
}

interface Sending {
  readonly sending: boolean;
  /** Why the last comment was not taken. */
  readonly problem: string | undefined;
  /** @returns whether the comment was taken */
  send(words: string): Promise<boolean>;
}

function useSending(commentOf: (words: string) => NewComment, onWritten: (commentId: string) => void): Sending {
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string>();
  const send = async (words: string): Promise<boolean> => {
    if (words.trim() === '' || sending) return false;
    setSending(true);
    setProblem(undefined);
    try {
      const { id } = await writeComment(commentOf(words));
      onWritten(id);
      return true;
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      return false;
    } finally {
      setSending(false);
    }
  };
  return { sending, problem, send };
}

interface TextFieldProps {
  readonly text: string;
  readonly answering: SandboxComment | undefined;
  onText(text: string): void;
}

function TextField({ text, answering, onText }: TextFieldProps): JSX.Element {
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (answering) field.current?.focus();
  }, [answering]);
  return (
    <>
      <label class="unseen" for="comment-text">
        Your comment
      </label>
      <textarea
        id="comment-text"
        ref={field}
        dir="auto"
        rows={1}
        maxLength={longestComment}
        placeholder={answering ? `Reply to ${answering.username}…` : 'Comment as a customer…'}
        value={text}
        onInput={(event) => onText(event.currentTarget.value)}
        onKeyDown={(event) => sendOnEnter(event)}
      />
    </>
  );
}

function Answering({ to, onCancel }: { readonly to: SandboxComment; onCancel(): void }): JSX.Element {
  return (
    <p class="answering">
      Replying to <b>{to.username}</b>
      <button type="button" class="icon-button" aria-label="Do not reply" onClick={onCancel}>
        <Icon name="close" />
      </button>
    </p>
  );
}

function NameField({ name, onName }: { readonly name: string; onName(name: string): void }): JSX.Element {
  return (
    <label class="name">
      <Icon name="person" />
      <span class="unseen">Your name as a customer</span>
      <input
        list="customers"
        value={name}
        maxLength={30}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => onName(event.currentTarget.value)}
      />
      <datalist id="customers">
        {customers.map((customer) => (
          <option key={customer} value={customer} />
        ))}
      </datalist>
    </label>
  );
}

/** Enter posts, Shift+Enter starts a line; Enter that finishes a composed character does neither. */
function sendOnEnter(event: TargetedKeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  event.currentTarget.form?.requestSubmit();
}

/** The name survives going from post to post. */
let lastName = customers[0] ?? 'guest';
function useName(): readonly [string, (name: string) => void] {
  const [name, setName] = useState(lastName);
  return [
    name,
    (next) => {
      lastName = next;
      setName(next);
    },
  ];
}
