import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { availabilities, productLimits, type Availability, type Product } from '#domain/catalogue/product.js';
import { AccountId } from '#domain/shared/ids.js';
import type { SentProduct, WrittenProduct } from '#use-cases/catalogue/write-product.js';
import { LimitQuery } from '../http/limit-query.js';

const exampleUrl = 'https://warm-bread.example/honey-cake';

/** Which account is meant; may be left out while exactly one is connected. */
export class AccountQuery {
  @ApiPropertyOptional({
    type: String,
    maxLength: 64,
    description: 'May be left out while exactly one account is connected.',
  })
  @IsOptional()
  @Matches(/^[\x21-\x7E]{1,64}$/u, { message: 'accountId is not usable as an id' })
  accountId?: string;
}

export class PriceBody {
  @ApiProperty({ example: '1900.00', description: 'As text, so that no digit is lost.' })
  @IsString({ message: 'amount must be a text, like "1900.00"' })
  @IsNotEmpty()
  @MaxLength(40)
  amount!: string;

  @ApiProperty({ example: 'RUB', description: 'ISO 4217.' })
  @IsString()
  @Matches(/^[A-Z]{3}$/u, { message: 'currency must be an ISO 4217 code, like RUB' })
  currency!: string;
}

class ProductFields {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: productLimits.description,
    example: 'Eight thin layers, sour cream. Keeps five days.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(productLimits.description)
  description?: string | null;

  @ApiPropertyOptional({ type: PriceBody, nullable: true, description: 'Null: nobody is told a price.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => PriceBody)
  price?: PriceBody | null;

  @ApiPropertyOptional({ enum: availabilities, description: 'A new product is in stock unless it is said otherwise.' })
  @IsOptional()
  @IsIn(availabilities)
  availability?: Availability;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: productLimits.url, example: exampleUrl })
  @IsOptional()
  @IsString()
  @MaxLength(productLimits.url)
  url?: string | null;

  @ApiPropertyOptional({
    type: [String],
    maxItems: productLimits.tags,
    example: ['cake', 'honey'],
    description: 'Words that customers use for it.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(productLimits.tags)
  @IsString({ each: true })
  @MaxLength(productLimits.tag, { each: true })
  tags?: string[];

  @ApiPropertyOptional({
    type: 'integer',
    nullable: true,
    description: 'The revision that this was made from; refused when another one is there. `If-Match` says the same.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  revision?: number | null;
}

export class PutProductBody extends ProductFields {
  @ApiProperty({ example: 'Honey cake, 1 kg', maxLength: productLimits.title })
  @IsString()
  @IsNotEmpty()
  @MaxLength(productLimits.title)
  title!: string;
}

export class PatchProductBody extends ProductFields {
  @ApiPropertyOptional({ example: 'Honey cake, 1 kg', maxLength: productLimits.title })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(productLimits.title)
  title?: string;
}

export const exampleProduct = {
  title: 'Медовик · Honey cake, 1 kg',
  description: 'Eight thin layers, sour cream. Keeps five days.',
  price: { amount: '1900.00', currency: 'RUB' },
  availability: 'in-stock',
  url: exampleUrl,
  tags: ['cake', 'торт'],
};
export const exampleChange = { price: { amount: '2000.00', currency: 'RUB' }, revision: 1 };

export class ProductsQueryDto extends LimitQuery {
  @ApiPropertyOptional({
    type: String,
    maxLength: 64,
    description: 'May be left out while exactly one account is connected.',
  })
  @IsOptional()
  @Matches(/^[\x21-\x7E]{1,64}$/u, { message: 'accountId is not usable as an id' })
  accountId?: string;

  @ApiPropertyOptional({ enum: availabilities })
  @IsOptional()
  @IsIn(availabilities)
  availability?: Availability;

  @ApiPropertyOptional({ type: String, maxLength: productLimits.tag, description: 'Exactly this tag.' })
  @IsOptional()
  @IsString()
  @MaxLength(productLimits.tag)
  tag?: string;

  @ApiPropertyOptional({
    type: String,
    maxLength: 200,
    description: 'Words of the title, the tags or the description, or how the sku begins.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  text?: string;

  @ApiPropertyOptional({ type: String, maxLength: productLimits.sku, description: '`next` of the page before.' })
  @IsOptional()
  @IsString()
  @MaxLength(productLimits.sku)
  after?: string;
}

export class PriceView {
  @ApiProperty({ example: '1900.00', description: 'Exact, with the decimals of its currency.' })
  amount!: string;

  @ApiProperty({ example: 'RUB' })
  currency!: string;
}

export class ProductView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: '17841400000000000' })
  accountId!: string;

  @ApiProperty({ example: 'HC-1' })
  sku!: string;

  @ApiProperty({ example: exampleProduct.title })
  title!: string;

  @ApiProperty({ type: String, nullable: true, example: exampleProduct.description })
  description!: string | null;

  @ApiProperty({ type: PriceView, nullable: true })
  price!: PriceView | null;

  @ApiProperty({ enum: availabilities })
  availability!: Availability;

  @ApiProperty({ type: String, nullable: true, example: exampleUrl })
  url!: string | null;

  @ApiProperty({ type: [String], example: ['cake', 'торт'] })
  tags!: readonly string[];

  @ApiProperty({ type: 'integer', example: 1, description: 'Grows with each change. Also in the header `ETag`.' })
  revision!: number;

  @ApiProperty({ format: 'date-time' })
  updatedAt!: string;
}

export class WrittenProductView extends ProductView {
  @ApiProperty({ enum: ['created', 'changed', 'unchanged'] })
  outcome!: string;
}

export class ProductList {
  @ApiProperty({ type: [ProductView] })
  products!: readonly ProductView[];

  @ApiProperty({ type: String, nullable: true, description: '`after` of the next page; null on the last one.' })
  next!: string | null;
}

export function toProductView(product: Product): ProductView {
  return fieldsOf(product);
}

export function toWrittenProductView({ kind, product }: WrittenProduct): WrittenProductView {
  return { ...fieldsOf(product), outcome: kind };
}

function fieldsOf({ description, price, url, updatedAt, ...product }: Product) {
  return {
    ...product,
    description: description ?? null,
    price: price ?? null,
    url: url ?? null,
    updatedAt: updatedAt.toISOString(),
  };
}

/** What was sent has been checked by then. Some clients send null for what they leave out. */
export function sentProduct({ title, availability, tags, ...body }: PatchProductBody): SentProduct {
  const { description, price, url } = body;
  return {
    ...(title && { title }),
    ...(availability && { availability }),
    ...(tags && { tags }),
    ...(description !== undefined && { description }),
    ...(price !== undefined && { price }),
    ...(url !== undefined && { url }),
  };
}

export function accountOf({ accountId }: AccountQuery): AccountId | undefined {
  return accountId === undefined ? undefined : AccountId.parse(accountId);
}
