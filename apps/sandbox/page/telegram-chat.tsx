import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icons.js';
import { readTelegramHtml, type Piece } from './telegram-html.js';
import { hourAndMinute } from './time.js';
import type { Tab } from './view.js';
import type { TelegramMessage } from './wire.js';

/** Older messages stay in the sandbox's state; the chat shows what people would still scroll to. */
const messagesShown = 100;
/** Closer to the end than this, a reader wants to follow it. */
const nearEndPx = 120;

interface TelegramChatProps {
  readonly messages: readonly TelegramMessage[];
  /** On a narrow screen the chat has no size until its tab is opened. */
  readonly tab: Tab;
}

/** What operators see on their phones. */
export function TelegramChat({ messages, tab }: TelegramChatProps): JSX.Element {
  const list = useFollowedEnd(messages, tab);
  return (
    <section class="part telegram" aria-labelledby="telegram-heading">
      <header class="telegram-head">
        <span class="telegram-badge">
          <Icon name="plane" />
        </span>
        <div>
          <h2 id="telegram-heading">Bakery operators</h2>
          <p>Telegram, as your team sees it</p>
        </div>
      </header>
      <ol class="messages" ref={list} tabIndex={0} aria-label="Messages">
        {messages.length === 0 && (
          <li class="telegram-empty">
            Quiet so far. Complaints, offers and questions without an answer in the documents are told here.
          </li>
        )}
        {messages.slice(-messagesShown).map((message) => (
          <Message key={message.messageId} message={message} />
        ))}
      </ol>
    </section>
  );
}

function Message({ message }: { readonly message: TelegramMessage }): JSX.Element {
  return (
    <li class="message">
      <p class="message-from">InstaChatico</p>
      <div class="message-text" dir="auto">
        <Pieces pieces={readTelegramHtml(message.text)} />
      </div>
      <p class="message-time">
        {message.edited && 'edited '}
        <time dateTime={message.at}>{hourAndMinute(message.at)}</time>
      </p>
    </li>
  );
}

function Pieces({ pieces }: { readonly pieces: readonly Piece[] }): JSX.Element {
  return (
    <>
      {pieces.map((piece) => {
        if (typeof piece === 'string') return piece;
        const inner = <Pieces pieces={piece.children} />;
        if (piece.tag !== 'a') return <piece.tag>{inner}</piece.tag>;
        return (
          <a href={piece.href} target="_blank" rel="noreferrer noopener">
            {inner}
          </a>
        );
      })}
    </>
  );
}

/** Keeps the newest message in sight, unless the reader has scrolled up to read. */
function useFollowedEnd(messages: readonly TelegramMessage[], tab: Tab) {
  const list = useRef<HTMLOListElement>(null);
  const opened = useRef(false);
  useEffect(() => {
    const element = list.current;
    if (!element || element.clientHeight === 0) return;
    const last = element.lastElementChild;
    const toEnd = element.scrollHeight - element.scrollTop - element.clientHeight - (last?.clientHeight ?? 0);
    if (!opened.current || toEnd < nearEndPx) element.scrollTop = element.scrollHeight;
    opened.current = true;
  }, [messages, tab]);
  return list;
}
