// Loaded before a program's own code (`node --import`): ends the process at one exact point of one comment's way,
// with SIGKILL, so that nothing can be finished. It watches the statements that go to PostgreSQL, because every step
// of ours ends with one; the program itself knows nothing of it.
//   CRASH_AT       text of the statement; or 'the bell', which is rung in Redis
//   CRASH_WHEN     'before' it is sent, when it is 'sent' and nothing is known of it, or 'after' its commit
//   CRASH_COMMENT  only for rows of this comment; without it the first statement counts
import { Queue } from 'bullmq';
import pg from 'pg';

const { CRASH_AT: at, CRASH_WHEN: when, CRASH_COMMENT: comment } = process.env;
if (!at || !['before', 'sent', 'after'].includes(when)) {
  throw new Error('CRASH_AT and CRASH_WHEN must say where to crash');
}

const ring = Queue.prototype.addBulk;
Queue.prototype.addBulk = async function (...jobs) {
  const rung = await ring.apply(this, jobs);
  if (at === 'the bell') crash();
  return rung;
};

/** Ids of rows that belong to the comment: replies, hides and alerts have ids of their own, told when they are claimed. */
const rows = new Set(comment ? [comment] : []);
/** Connections whose open transaction is to end with the crash. */
const doomed = new WeakSet();
const transactions = new WeakSet();
const send = pg.Client.prototype.query;

pg.Client.prototype.query = function (statement, values, ...rest) {
  const text = typeof statement === 'string' ? statement : (statement?.text ?? '');
  const parameters = [values, statement?.values].find(Array.isArray) ?? [];
  const isThePoint = text.includes(at) && (comment === undefined || [parameters[0]].flat().some((id) => rows.has(id)));
  if (isThePoint && when === 'before') crash();
  if (/^(?:START TRANSACTION|BEGIN)/i.test(text)) transactions.add(this);

  const answer = send.call(this, statement, values, ...rest);
  // The driver writes within this turn of the loop: the server has the bytes, and nobody waits for what it says.
  if (isThePoint && when === 'sent') setImmediate(crash);
  if (!(answer instanceof Promise)) return answer;
  return answer.then((result) => {
    const found = result?.rows ?? [];
    for (const row of found) if (comment !== undefined && row.comment_id === comment && row.id) rows.add(row.id);
    // A statement that moved no row is no step.
    if (isThePoint && when === 'after' && found.length > 0) doomed.add(this);
    if (/^(?:COMMIT|ROLLBACK)/i.test(text)) transactions.delete(this);
    if (doomed.has(this) && !transactions.has(this)) crash();
    return result;
  });
};

function crash() {
  process.kill(process.pid, 'SIGKILL');
  for (;;); // not one more step, should the signal take a moment
}
