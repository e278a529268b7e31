import { expect, it } from 'vitest';
import { until } from '../support/until.js';
import { onlyQuestions, writeComments } from './support/customers.js';
import { sized } from './support/form.js';
import { expectPromiseKept, plantForThisFile, report } from './support/scenario.js';

const plant = plantForThisFile();

// T19, audit 31: the stages of an expiring token are told by unit tests with a virtual clock.
it('a token that dies stops the account, keeps its work, and everything goes out once after it is renewed', async () => {
  const comments = sized(100, 500);
  await plant().vendors.token({ accepted: false });
  const customers = await writeComments(plant().vendors, comments, onlyQuestions);
  await plant().meta.send(
    customers.map(({ comment }) => [comment]),
    8,
  );
  await until('every reply to wait for the account', 300_000, async () => {
    const [row] = await plant().stack.sql<{ n: number }>(
      `SELECT count(*)::int AS n FROM replies WHERE state = 'drafted'`,
    );
    return row?.n === comments;
  });
  await until('operators to be told', 60_000, async () => (await plant().vendors.alertsWith('token')) > 0);
  const refused = (await plant().vendors.ledger({ vendor: 'instagram', call: 'reply' })).length;
  // What was on its way when the first refusal came; nobody goes on knocking.
  expect(refused).toBeLessThanOrEqual(plant().workerCount * 20);

  // One worker dies while all waits.
  await plant().restartWorker(0, 'SIGKILL');
  await plant().vendors.token({ accepted: true });
  await plant().drain(300_000);
  expectPromiseKept(await plant().judge(customers));
  const created = (await plant().vendors.ledger({ vendor: 'instagram', call: 'reply' })).filter(
    ({ status }) => status === 200,
  );
  report('dead token', { comments, 'refused calls': refused, 'replies after the renewal': created.length });
  expect(created).toHaveLength(comments);
  expect(await plant().vendors.alertsWith('Connect the account again')).toBe(1);
});
