import type { FactoryProvider } from '@nestjs/common';
import { Imports } from '#domain/catalogue/imports.js';
import { Catalogue, Products } from '#domain/catalogue/products.js';
import { Database } from './postgres/database.js';
import { PostgresImports } from './postgres/product-imports.js';
import { PostgresCatalogue, PostgresProducts } from './postgres/products.js';

/** The part of the list that is about what the brand sells. */
export function cataloguing(): FactoryProvider[] {
  return [
    { provide: Products, inject: [Database], useFactory: (database: Database) => new PostgresProducts(database) },
    { provide: Imports, inject: [Database], useFactory: (database: Database) => new PostgresImports(database) },
    { provide: Catalogue, inject: [Database], useFactory: (database: Database) => new PostgresCatalogue(database) },
  ];
}
