/** Something the user can put right; printed without a stack. */
export class LaunchProblem extends Error {
  override readonly name = 'LaunchProblem';
}
