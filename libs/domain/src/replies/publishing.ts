/** Whether anything is shown to customers at all. */
export abstract class Publishing {
  /** True: everything runs, nothing is published or hidden. */
  abstract readonly dryRun: boolean;
}
