import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';

/** What `AccountId` takes. */
const usableAccountId = /^[\x21-\x7E]{1,64}$/u;

/** What may be said about a file, in a form or in JSON. */
export class AboutFileBody {
  @ApiPropertyOptional({
    type: String,
    maxLength: 64,
    description: 'May be left out while exactly one account is connected.',
  })
  @IsOptional()
  @Matches(usableAccountId, { message: 'accountId is not usable as an id' })
  accountId?: string | null;

  @ApiPropertyOptional({
    type: String,
    maxLength: 200,
    example: 'Price list',
    description: 'Left out, it is made from the file\u2019s name. The same title again replaces the document.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  title?: string | null;
}

/** For the document only: the form is read as it comes. */
export class FileForm extends AboutFileBody {
  @ApiProperty({
    type: 'string',
    format: 'binary',
    description: 'PDF, DOCX, XLSX, CSV, TXT, MD or HTML, at most 50 MB. Its name must end as its kind does.',
  })
  file!: unknown;
}

export class RegistrationBody extends AboutFileBody {
  @ApiProperty({
    maxLength: 2_000,
    example: 'https://www.example.com/price-list.pdf',
    description: 'https of the public internet, or s3://bucket/key of the bucket that files are kept in.',
  })
  @IsString()
  @IsNotEmpty()
  @MaxLength(2_000)
  address!: string;
}
