import { existsSync } from 'node:fs';
import { bakeryComments } from './bakery/comments.js';
import { checkVendors, differences, secondsTaken, type Played, type VendorCheck } from './demo/judge.js';
import { play } from './demo/play.js';
import { Screen, totals } from './demo/screen.js';
import { RunningSystem } from './demo/system.js';
import { settingsOfProcess, terminalWishes } from './settings.js';

/** All comments together; a healthy system needs a quarter of it on two cores. */
const longestMs = 120_000;
const exitCodes = { asExpected: 0, different: 1, notRunning: 2 };

/** `npm run demo`: plays the bakery's morning against the running system and judges what becomes of it. */
async function demo(): Promise<number> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const { port, apiUrl } = settingsOfProcess();
  const system = new RunningSystem(`http://127.0.0.1:${port}`, apiUrl);
  const missing = await system.missing();
  if (missing !== undefined) {
    process.stderr.write(
      `The demo needs ${missing}, which does not answer.\nStart it with \`npm start\` in another shell, then try again. If it runs on other ports, give the demo the same PORT and SANDBOX_PORT.\n`,
    );
    return exitCodes.notRunning;
  }

  const screen = screenFor(bakeryComments.length);
  const startedAt = new Date();
  screen.say(`Playing ${bakeryComments.length} comments of a bakery against ${apiUrl} …\n`);
  screen.bar();
  const played = await play(system, bakeryComments, startedAt.getTime() + longestMs, (one) =>
    screen.comment(one, differences(one).length === 0),
  );
  screen.end();
  const vendors = await lookAtVendors(system, played, startedAt);
  return summarise(screen, played, vendors);
}

function screenFor(total: number): Screen {
  const { stdout } = process;
  const isTTY = stdout.isTTY === true;
  const terminal = { isTTY, columns: stdout.columns ?? 80, write: (text: string) => void stdout.write(text) };
  return new Screen(terminal, isTTY && terminalWishes().color, total);
}

async function lookAtVendors(system: RunningSystem, played: readonly Played[], startedAt: Date): Promise<VendorCheck> {
  const [replies, hides, messages] = await Promise.all([
    system.ledger({ vendor: 'instagram', call: 'reply' }),
    system.ledger({ vendor: 'instagram', call: 'hide' }),
    system.ledger({ vendor: 'telegram', call: 'send-message' }),
  ]);
  const recent = messages.filter(({ at }) => Date.parse(at) >= startedAt.getTime());
  return checkVendors(played, { replies, hides, messages: recent });
}

function summarise(screen: Screen, played: readonly Played[], vendors: VendorCheck): number {
  const times = played.map(({ account }) => secondsTaken(account)).filter((time) => time !== undefined);
  const sorted = times.toSorted((left, right) => left - right);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const actions = played.flatMap(({ account }) =>
    account?.comment.actions.length ? account.comment.actions : ['nothing'],
  );
  screen.say('');
  screen.say(`Classes   ${totals(played.map(({ account }) => account?.comment.verdict?.class ?? 'none'))}`);
  screen.say(`Actions   ${totals(actions)}`);
  screen.say(`Time      median ${median.toFixed(1)} s, longest ${(sorted.at(-1) ?? 0).toFixed(1)} s`);
  screen.say(
    `Vendors   ${vendors.replies} replies and ${vendors.hides} hides at Instagram, ${vendors.alerts} comments told about in Telegram`,
  );

  const found = [
    ...played.flatMap((one) => differences(one).map((text) => `${one.comment.key}: ${text}`)),
    ...vendors.differences,
  ];
  screen.say('');
  if (found.length === 0) {
    screen.say(screen.style('green', `All ${played.length} comments ended as expected.`));
    return exitCodes.asExpected;
  }
  screen.say(screen.style('red', `${found.length} differences from what was expected:`));
  for (const text of found) screen.say(`  ${text}`);
  return exitCodes.different;
}

try {
  process.exitCode = await demo();
} catch (error) {
  process.stderr.write(`\nThe demo broke off: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = exitCodes.different;
}
