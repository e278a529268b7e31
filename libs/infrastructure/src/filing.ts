import type { FactoryProvider } from '@nestjs/common';
import { FileStore } from '#domain/knowledge/file-store.js';
import type { Config } from './config/config.js';
import { FolderFileStore } from './storage/folder-file-store.js';

/** The part of the list that is about files. */
export function filing({ files }: Config): FactoryProvider[] {
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
  ];
}
