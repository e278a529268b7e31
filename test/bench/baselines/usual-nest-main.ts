import { createHmac } from 'node:crypto';
import { Body, Controller, Headers, HttpCode, Inject, Module, Post, UnauthorizedException } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Queue } from 'bullmq';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { servePart } from '../support/part.js';

// A peer: what a usual team writes with the same packages. Nest on Fastify, a controller, `save` and `queue.add` for
// each comment, the answer after both.

const secret = process.env['APP_SECRET'] ?? '';

interface Payload {
  readonly entry: readonly {
    readonly id: string;
    readonly changes: readonly { readonly value: { readonly id: string; readonly text: string } }[];
  }[];
}

@Entity('usual_comments')
class UsualComment {
  @PrimaryColumn('text')
  id!: string;

  @Column('text', { name: 'account_id' })
  accountId!: string;

  @Column('text')
  text!: string;

  @Column('timestamptz', { name: 'received_at', default: () => 'now()' })
  receivedAt!: Date;
}

const source = await new DataSource({
  type: 'postgres',
  url: process.env['DATABASE_URL'] ?? '',
  applicationName: 'bench',
  entities: [UsualComment],
}).initialize();
const queue = new Queue('comments', {
  connection: { url: process.env['REDIS_URL'] ?? '' },
  prefix: 'bench-usual',
  defaultJobOptions: { removeOnComplete: true },
});

@Controller('api/v1/webhook')
class UsualController {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(Queue) private readonly jobs: Queue,
  ) {}

  @Post()
  @HttpCode(200)
  async receive(@Headers('x-hub-signature-256') given: string, @Body() body: Buffer): Promise<{ status: string }> {
    const expected = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
    if (given !== expected) throw new UnauthorizedException();
    const { entry } = JSON.parse(body.toString()) as Payload; // signed: it is what our own load made
    for (const { id: accountId, changes } of entry) {
      for (const { value } of changes) {
        await this.database.getRepository(UsualComment).save({ id: value.id, accountId, text: value.text });
        await this.jobs.add('process', { id: value.id });
      }
    }
    return { status: 'ok' };
  }
}

@Module({
  controllers: [UsualController],
  providers: [
    { provide: DataSource, useValue: source },
    { provide: Queue, useValue: queue },
  ],
})
class UsualModule {}

const app = await NestFactory.create<NestFastifyApplication>(UsualModule, new FastifyAdapter(), {
  logger: false,
  bodyParser: false,
});
app
  .getHttpAdapter()
  .getInstance()
  .addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
await source.query(`CREATE TABLE IF NOT EXISTS usual_comments (
  id text PRIMARY KEY, account_id text NOT NULL, text text NOT NULL, received_at timestamptz NOT NULL DEFAULT now())`);
await app.listen(0, '127.0.0.1');
servePart(Number(new URL(await app.getUrl()).port));
