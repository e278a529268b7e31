import type { JSX, TargetedKeyboardEvent, TargetedSubmitEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icons.js';
import { writeComment } from './sandbox-api.js';
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
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string>();
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (answering) field.current?.focus();
  }, [answering]);

  const send = async (words: string): Promise<void> => {
    if (words.trim() === '' || sending) return;
    setSending(true);
    setProblem(undefined);
    const parent = answering && { parentId: answering.parentId ?? answering.id };
    try {
      const { id } = await writeComment({ text: words, username: name.trim() || 'guest', mediaId: post.id, ...parent });
      if (words === text) setText('');
      onWritten(id);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setSending(false);
    }
  };

  return (
    <div class="composer">
      <form class="composer-form" onSubmit={(event) => submit(event, () => send(text))}>
        {answering && <Answering to={answering} onCancel={onCancel} />}
        <NameField name={name} onName={setName} />
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
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => sendOnEnter(event)}
        />
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

function submit(event: TargetedSubmitEvent<HTMLFormElement>, send: () => Promise<void>): void {
  event.preventDefault();
  void send();
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
