import {
  BadRequestException,
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Inject,
  Param,
  Patch,
  Put,
  Query,
  Res,
} from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Accounts } from '#domain/accounts/accounts.js';
import { meantAccount } from '#domain/accounts/meant-account.js';
import { Products } from '#domain/catalogue/products.js';
import { AppError } from '#domain/shared/errors.js';
import { storableText } from '#domain/shared/text.js';
import { outdated, WriteProduct, type WrittenProduct } from '#use-cases/catalogue/write-product.js';
import { AdminRoutes } from '../http/admin-routes.js';
import { ApiProblems } from '../http/problem.dto.js';
import {
  AccountQuery,
  accountOf,
  exampleChange,
  exampleProduct,
  PatchProductBody,
  ProductList,
  ProductsQueryDto,
  ProductView,
  PutProductBody,
  sentProduct,
  toProductView,
  toWrittenProductView,
  WrittenProductView,
} from './products.dto.js';

const noSuchProduct = 'There is no product with this sku.';
const skuParameter = {
  name: 'sku',
  schema: { type: 'string', maxLength: 64 },
  example: 'HC-1',
  description: 'The account\u2019s own name for the product, percent-encoded, exactly as it was written.',
} as const;
const ifMatch = {
  name: 'If-Match',
  required: false,
  schema: { type: 'string' },
  example: '"1"',
  description: 'The `ETag` that the change was made from; refused when another revision is there.',
} as const;
const unclearAccount = {
  when: 'Several accounts are connected, and `accountId` does not say which one is meant.',
  detail: 'Several accounts are connected: say which one with accountId.',
};
const missing = { when: 'There is no such product, or no such account is connected.', detail: noSuchProduct };
const writing = {
  400: {
    when: 'A field is missing, unknown or of a wrong kind.',
    errors: ['price.amount must be a text, like "1900.00"'],
  },
  404: missing,
  409: {
    when: 'Another change came first, or it is not clear which account is meant.',
    detail: 'Revision 2 of the product is there, not 1: read it again, then change it.',
  },
  413: { when: 'The body is larger than 5 MB.' },
  415: { when: 'The body is not sent as application/json.' },
  422: {
    when: 'Something about the product is wrong; everything is named.',
    detail: 'price: The price has more decimals than its currency has. Round it to the smallest coin of the currency.',
  },
};

/** What the brand sells: the only source of prices as soon as there is one product. */
@AdminRoutes('Catalogue')
@Controller('knowledge/products')
export class ProductsController {
  constructor(
    @Inject(WriteProduct) private readonly writeProduct: WriteProduct,
    @Inject(Products) private readonly products: Products,
    @Inject(Accounts) private readonly accounts: Accounts,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listProducts', summary: 'List products', description: 'Of one account, by sku.' })
  @ApiResponse({ status: 200, type: ProductList, description: 'One page; empty while there are none.' })
  @ApiProblems({
    400: { when: 'A parameter is unknown or out of its range.', errors: ['limit must not be greater than 100'] },
    404: { when: 'No such account is connected.', detail: 'no account 17841400000000000 is connected' },
    409: unclearAccount,
  })
  async list(@Query() query: ProductsQueryDto): Promise<ProductList> {
    const accountId = await meantAccount(this.accounts, accountOf(query));
    const { availability, limit } = query;
    const [tag, text, after] = [query.tag, query.text, query.after].map(storable);
    const found = await this.products.list({ accountId, availability, tag, text, after, limit: limit + 1 });
    const page = found.slice(0, limit);
    return { products: page.map(toProductView), next: found.length > limit ? (page.at(-1)?.sku ?? null) : null };
  }

  @Get(':sku')
  @ApiOperation({ operationId: 'getProduct', summary: 'Read a product', description: 'With its revision.' })
  @ApiParam(skuParameter)
  @ApiResponse({ status: 200, type: ProductView, description: 'As it is published from.' })
  @ApiProblems({ 400: writing[400], 404: missing, 409: unclearAccount })
  async read(
    @Param('sku') sku: string,
    @Query() query: AccountQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProductView> {
    const product = await this.products.find(await meantAccount(this.accounts, accountOf(query)), storableText(sku));
    if (!product) throw new AppError('not-found', noSuchProduct);
    void reply.header('etag', `"${product.revision}"`);
    return toProductView(product);
  }

  @Put(':sku')
  @ApiOperation({
    operationId: 'putProduct',
    summary: 'Add or replace a product',
    description:
      'What is left out is taken away. Answers use it from the next question on; the same again changes nothing, so it is ' +
      'safe to repeat.',
  })
  @ApiParam(skuParameter)
  @ApiHeader(ifMatch)
  @ApiBody({ type: PutProductBody, examples: { product: { value: exampleProduct } } })
  @ApiResponse({ status: 200, type: WrittenProductView, description: 'The product as it is now.' })
  @ApiProblems(writing)
  async put(
    @Param('sku') sku: string,
    @Query() query: AccountQuery,
    @Body() body: PutProductBody,
    @Headers('if-match') match: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WrittenProductView> {
    const product = sentProduct(body);
    const revision = revisionOf(match, body.revision);
    const written = await this.writeProduct.execute({
      accountId: accountOf(query),
      sku,
      product,
      how: 'put',
      revision,
    });
    return answer(written, reply);
  }

  @Patch(':sku')
  @ApiOperation({
    operationId: 'changeProduct',
    summary: 'Change a product',
    description: 'Only what is named; null takes it away. With a revision nobody\u2019s change is lost.',
  })
  @ApiParam(skuParameter)
  @ApiHeader(ifMatch)
  @ApiBody({ type: PatchProductBody, examples: { price: { value: exampleChange } } })
  @ApiResponse({ status: 200, type: WrittenProductView, description: 'The product as it is now.' })
  @ApiProblems(writing)
  async change(
    @Param('sku') sku: string,
    @Query() query: AccountQuery,
    @Body() body: PatchProductBody,
    @Headers('if-match') match: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WrittenProductView> {
    const product = sentProduct(body);
    const revision = revisionOf(match, body.revision);
    const written = await this.writeProduct.execute({
      accountId: accountOf(query),
      sku,
      product,
      how: 'change',
      revision,
    });
    return answer(written, reply);
  }

  @Delete(':sku')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'removeProduct',
    summary: 'Remove a product',
    description: 'New answers stop using it at once; what was published stays.',
  })
  @ApiParam(skuParameter)
  @ApiHeader(ifMatch)
  @ApiResponse({ status: 204, description: 'Removed.' })
  @ApiProblems({ 400: writing[400], 404: missing, 409: writing[409] })
  async remove(
    @Param('sku') sku: string,
    @Query() query: AccountQuery,
    @Headers('if-match') match: string | undefined,
  ): Promise<void> {
    const accountId = await meantAccount(this.accounts, accountOf(query));
    const revision = revisionOf(match, undefined);
    const removed = await this.products.remove(accountId, storableText(sku), revision);
    if (removed === 'missing') throw new AppError('not-found', noSuchProduct);
    if (removed !== 'removed') throw new AppError('conflict', outdated(revision, removed.revision));
  }
}

function answer(written: WrittenProduct, reply: FastifyReply): WrittenProductView {
  void reply.header('etag', `"${written.product.revision}"`);
  return toWrittenProductView(written);
}

/** `*` is any revision, as no header is. @throws BadRequestException */
function revisionOf(match: string | undefined, said: number | null | undefined): number | undefined {
  if (match === undefined || match.trim() === '*') return said ?? undefined;
  const [, number] = /^\s*(?:W\/)?"?(\d{1,9})"?\s*$/u.exec(match) ?? [];
  if (number === undefined) throw new BadRequestException(['If-Match must be an ETag of a product, like "3"']);
  return Number(number);
}

function storable(text: string | undefined): string | undefined {
  return text === undefined ? undefined : storableText(text);
}
