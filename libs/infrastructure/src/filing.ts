import type { FactoryProvider } from '@nestjs/common';
import type { Logger } from 'pino';
import { TableReader } from '#domain/catalogue/table-reader.js';
import { DocumentReader } from '#domain/knowledge/document-reader.js';
import { FileOwners } from '#domain/knowledge/file-owners.js';
import { FileScanner } from '#domain/knowledge/file-scanner.js';
import { FileSource } from '#domain/knowledge/file-source.js';
import { FileStore } from '#domain/knowledge/file-store.js';
import type { Config } from './config/config.js';
import { Database } from './postgres/database.js';
import { PostgresFileOwners } from './postgres/file-owners.js';
import { ChildDocumentReader } from './reading/child-document-reader.js';
import { AddressedFiles, type ForeignBucket } from './storage/addressed-files.js';
import { ClamdScanner, NoScanner } from './storage/clamd-scanner.js';
import { ChildTableReader } from './reading/child-table-reader.js';
import { FolderFileStore } from './storage/folder-file-store.js';

const CHECKED_STORE = Symbol('store of files');

/** The part of the list that is about files. */
export function filing({ files }: Config, logger: Logger): FactoryProvider[] {
  return [
    {
      provide: CHECKED_STORE,
      useFactory: async (): Promise<FileStore & Partial<ForeignBucket>> => {
        const store = await storeOf(files);
        // Comments are answered without it: said at the start, and again by whoever needs it.
        void store.check().catch((error: unknown) => {
          logger.error({ err: error }, 'The store of files does not work: see FILES_DIR, or the settings of S3.');
        });
        return store;
      },
    },
    { provide: FileStore, inject: [CHECKED_STORE], useFactory: (store: FileStore) => store },
    {
      provide: FileSource,
      inject: [CHECKED_STORE],
      useFactory: (store: FileStore & Partial<ForeignBucket>) => new AddressedFiles({ bucket: foreign(store) }),
    },
    {
      provide: FileScanner,
      useFactory: () => (files.scanner ? new ClamdScanner(files.scanner) : new NoScanner()),
    },
    { provide: FileOwners, inject: [Database], useFactory: (database: Database) => new PostgresFileOwners(database) },
    {
      provide: ChildDocumentReader,
      inject: [FileStore],
      useFactory: (store: FileStore) =>
        new ChildDocumentReader(store, (note) => logger.info(note, 'A document was read.')),
    },
    { provide: DocumentReader, inject: [ChildDocumentReader], useFactory: (reader: ChildDocumentReader) => reader },
    {
      provide: TableReader,
      inject: [ChildDocumentReader],
      useFactory: (reader: ChildDocumentReader) => new ChildTableReader(reader),
    },
  ];
}

async function storeOf({ s3, folder }: Config['files']) {
  if (!s3) return new FolderFileStore(folder);
  // Only then: what speaks S3 takes as long to load as all the rest.
  const { S3FileStore } = await import('./storage/s3-file-store.js');
  return new S3FileStore(s3);
}

function foreign(store: Partial<ForeignBucket>): ForeignBucket | undefined {
  const { bucket, openForeign } = store;
  return bucket === undefined || !openForeign ? undefined : { bucket, openForeign: openForeign.bind(store) };
}
