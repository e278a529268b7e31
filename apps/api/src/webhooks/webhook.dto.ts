import { ApiProperty } from '@nestjs/swagger';

/** What became of one delivery; Meta reads only the status, people read the rest. */
export class DeliverySummary {
  @ApiProperty({ enum: ['ok'] })
  status!: 'ok';

  @ApiProperty({ type: 'integer', example: 1, description: 'New comments that are on their way now.' })
  received!: number;

  @ApiProperty({ type: 'integer', example: 0, description: 'Comments that were here already.' })
  duplicates!: number;

  @ApiProperty({ type: 'integer', example: 0, description: 'Our own comments coming back.' })
  own!: number;

  @ApiProperty({ type: 'integer', example: 0, description: 'Comments to accounts that are not connected here.' })
  otherAccounts!: number;

  @ApiProperty({ type: 'integer', example: 0, description: 'Items that could not be read; they are kept aside.' })
  quarantined!: number;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    example: { mentions: 1 },
    description: 'Events without a feature yet, by name.',
  })
  counted!: Readonly<Record<string, number>>;
}

export const exampleDelivery = {
  object: 'instagram',
  entry: [
    {
      id: '17841400000000000',
      time: 1_763_664_000,
      changes: [
        {
          field: 'comments',
          value: {
            id: '17865799348089039',
            text: 'Do you deliver on Sundays?',
            from: { id: '1700000000000001', username: 'anna.bakes' },
            media: { id: '17920000000000001', media_product_type: 'FEED' },
          },
        },
      ],
    },
  ],
};
