import type { FactoryProvider } from '@nestjs/common';
import type { Logger } from 'pino';
import { DocumentReader } from '#domain/knowledge/document-reader.js';
import { FileStore } from '#domain/knowledge/file-store.js';
import type { Config } from './config/config.js';
import { ChildDocumentReader } from './reading/child-document-reader.js';
import { FolderFileStore } from './storage/folder-file-store.js';

/** The part of the list that is about files. */
export function filing({ files }: Config, logger: Logger): FactoryProvider[] {
  return [
    {
      provide: FileStore,
      useFactory: async () => {
        if (!files.s3) return new FolderFileStore(files.folder);
        // Only then: what speaks S3 takes as long to load as all the rest.
        const { S3FileStore } = await import('./storage/s3-file-store.js');
        return new S3FileStore(files.s3);
      },
    },
    {
      provide: DocumentReader,
      inject: [FileStore],
      useFactory: (store: FileStore) =>
        new ChildDocumentReader(store, (note) => logger.info(note, 'A document was read.')),
    },
  ];
}
