import type { KnowledgeFigures } from '#domain/knowledge/knowledge-overview.js';
import type { Incidents } from '#domain/notifications/incidents.js';

const subject = 'documents';

/** Tells operators when documents are not processed. Every process may look; the database is what counts. */
export class KnowledgeWatch {
  /** @param figures undefined when nobody knows right now */
  constructor(
    private readonly incidents: Pick<Incidents, 'open' | 'close'>,
    private readonly figures: () => Promise<KnowledgeFigures | undefined>,
  ) {}

  async look(): Promise<void> {
    const figures = await this.figures();
    if (!figures) return;
    if (figures.stuck === 0) return await this.incidents.close('indexing-stuck', subject);
    await this.incidents.open({ kind: 'indexing-stuck', subject, detail: { documents: figures.stuck } });
  }
}
