/** A service inside its own process. */
export interface RunningService {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}
