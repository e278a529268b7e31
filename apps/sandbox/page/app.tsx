import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Icon, type IconName } from './icons.js';
import { PostView } from './post-view.js';
import { Profile } from './profile.js';
import type { Connection } from './sandbox-events.js';
import { TelegramChat } from './telegram-chat.js';
import { useSandbox, type Sandbox } from './use-sandbox.js';
import { hrefOfPost, hrefOfTab, useView, type Tab } from './view.js';
import { WhyDialog } from './why-dialog.js';
import type { SandboxComment, SandboxState } from './wire.js';

export function App(): JSX.Element {
  const sandbox = useSandbox();
  const { world } = sandbox;
  return (
    <>
      <Header connection={sandbox.connection} />
      {world.state ? (
        <Workplace sandbox={sandbox} state={world.state} />
      ) : (
        <Waiting problem={sandbox.problem} readAgain={sandbox.readAgain} />
      )}
      <p class="unseen" aria-live="polite">
        {world.announcement}
      </p>
    </>
  );
}

function Workplace({ sandbox, state }: { readonly sandbox: Sandbox; readonly state: SandboxState }): JSX.Element {
  const { world, explanations } = sandbox;
  const view = useView();
  const [asked, setAsked] = useState<SandboxComment>();
  const post = state.posts.find(({ id }) => id === view.postId) ?? state.posts[0];
  const unread = useUnread(view.tab === 'telegram', world.messagesSinceOpened);

  return (
    <>
      <main class="parts" data-tab={view.tab}>
        <Profile state={state} openPostId={post?.id} />
        {post && (
          <PostView
            key={post.id}
            post={post}
            account={state.account}
            world={world}
            explanations={explanations}
            onWhy={setAsked}
          />
        )}
        <TelegramChat messages={state.telegram} tab={view.tab} />
      </main>
      <nav class="tabs" aria-label="Parts of the page">
        <TabLink tab="posts" current={view.tab} href={hrefOfTab('posts')} icon="grid" label="Posts" />
        {post && <TabLink tab="post" current={view.tab} href={hrefOfPost(post.id)} icon="talk" label="Comments" />}
        <TabLink
          tab="telegram"
          current={view.tab}
          href={hrefOfTab('telegram')}
          icon="plane"
          label="Telegram"
          unread={unread}
        />
      </nav>
      {asked && <WhyDialog comment={asked} explanations={explanations} onClose={() => setAsked(undefined)} />}
    </>
  );
}

/** Messages that came since Telegram was last looked at. */
function useUnread(looking: boolean, total: number): number {
  const [seen, setSeen] = useState(total);
  if (looking && seen !== total) setSeen(total);
  return looking ? 0 : total - seen;
}

interface TabLinkProps {
  readonly tab: Tab;
  readonly current: Tab;
  readonly href: string;
  readonly icon: IconName;
  readonly label: string;
  readonly unread?: number;
}

function TabLink({ tab, current, href, icon, label, unread = 0 }: TabLinkProps): JSX.Element {
  return (
    <a class="tab" href={href} aria-current={tab === current ? 'page' : undefined}>
      <Icon name={icon} />
      <span>{label}</span>
      {unread > 0 && (
        <span class="unread">
          {unread > 99 ? '99+' : unread}
          <span class="unseen"> new messages</span>
        </span>
      )}
    </a>
  );
}

const connectionWords: Readonly<Record<Connection, string>> = {
  connecting: 'Connecting…',
  live: 'Live',
  lost: 'Connection lost, trying again…',
};

function Header({ connection }: { readonly connection: Connection }): JSX.Element {
  return (
    <header class="top">
      <h1>InstaChatico</h1>
      <p class="top-note">
        Instagram, the model and Telegram are played on this machine. What reads, decides and answers is the real
        system.
      </p>
      <p class="connection" data-state={connection} role="status">
        {connectionWords[connection]}
      </p>
    </header>
  );
}

interface WaitingProps {
  readonly problem: string | undefined;
  readAgain(): Promise<void>;
}

function Waiting({ problem, readAgain }: WaitingProps): JSX.Element {
  if (problem === undefined) {
    return (
      <main class="waiting" aria-busy="true">
        <p>Opening the bakery…</p>
      </main>
    );
  }
  return (
    <main class="waiting">
      <p role="alert">{problem}</p>
      <button type="button" class="button" onClick={() => void readAgain()}>
        Try again
      </button>
    </main>
  );
}
