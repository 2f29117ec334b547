-- depends: 0002.platform_errors
--
-- The currencies come with the table, because functions need their exponents from the first call on. One more currency is one more
-- migration; an exponent does not change, because amounts that are stored would.

create table platform.currencies (
  code     text not null,
  exponent smallint not null,
  name     text not null,
  constraint currencies_pkey primary key (code),
  constraint currencies_code_check check (code ~ '^[A-Z]{3}$'),
  constraint currencies_exponent_check check (exponent between 0 and 4)
);

comment on table platform.currencies is
  'Currencies and the number of their decimals. An amount is a numeric in the currency''s main unit: 1000 is a thousand won, 10.50 ten and a half dollars.';
comment on column platform.currencies.code is 'ISO 4217, three capital letters.';
comment on column platform.currencies.exponent is 'Decimals of an amount: KRW 0, USD 2, KWD 3.';
comment on column platform.currencies.name is 'Its English name.';

insert into platform.currencies (code, exponent, name)
values
  ('AED', 2, 'UAE dirham'),
  ('AUD', 2, 'Australian dollar'),
  ('BHD', 3, 'Bahraini dinar'),
  ('BRL', 2, 'Brazilian real'),
  ('CAD', 2, 'Canadian dollar'),
  ('CHF', 2, 'Swiss franc'),
  ('CLP', 0, 'Chilean peso'),
  ('CNY', 2, 'Chinese yuan'),
  ('CZK', 2, 'Czech koruna'),
  ('DKK', 2, 'Danish krone'),
  ('EUR', 2, 'euro'),
  ('GBP', 2, 'pound sterling'),
  ('HKD', 2, 'Hong Kong dollar'),
  ('HUF', 2, 'Hungarian forint'),
  ('IDR', 2, 'Indonesian rupiah'),
  ('ILS', 2, 'Israeli new shekel'),
  ('INR', 2, 'Indian rupee'),
  ('ISK', 0, 'Icelandic krona'),
  ('JOD', 3, 'Jordanian dinar'),
  ('JPY', 0, 'Japanese yen'),
  ('KRW', 0, 'South Korean won'),
  ('KWD', 3, 'Kuwaiti dinar'),
  ('MXN', 2, 'Mexican peso'),
  ('MYR', 2, 'Malaysian ringgit'),
  ('NOK', 2, 'Norwegian krone'),
  ('NZD', 2, 'New Zealand dollar'),
  ('PHP', 2, 'Philippine peso'),
  ('PLN', 2, 'Polish zloty'),
  ('SAR', 2, 'Saudi riyal'),
  ('SEK', 2, 'Swedish krona'),
  ('SGD', 2, 'Singapore dollar'),
  ('THB', 2, 'Thai baht'),
  ('TND', 3, 'Tunisian dinar'),
  ('TRY', 2, 'Turkish lira'),
  ('TWD', 2, 'New Taiwan dollar'),
  ('USD', 2, 'US dollar'),
  ('VND', 0, 'Vietnamese dong'),
  ('ZAR', 2, 'South African rand');
