export interface BakeryDocument {
  readonly title: string;
  /** Markdown: a heading per section, each section in one language. */
  readonly text: string;
}

/** All that the bakery has written down. What is not in here, the system must not claim. */
export const bakeryDocuments: readonly BakeryDocument[] = [
  {
    title: 'Доставка · Delivery',
    text: `## Доставка по городу
Доставляем по городу каждый день с 9:00 до 20:00. Доставка стоит 250 ₽, а для заказов от 2000 ₽ доставка бесплатная. Обычно курьер приезжает в течение двух часов.

## Доставка за город и самовывоз
За город доставляем только торты, по пятницам, стоимость от 600 ₽. Самовывоз бесплатный: заказ можно забрать в любой из двух пекарен через час.

## Delivery in the city
We deliver in the city every day from 9:00 to 20:00. Delivery costs 250 ₽; for orders from 2000 ₽ delivery is free. The courier usually arrives within two hours.

## Delivery out of town and pickup
Out of town we deliver cakes only, on Fridays, from 600 ₽. Pickup is free: your order is ready in either shop within an hour.`,
  },
  {
    title: 'Цены · Prices',
    text: `## Хлеб и выпечка: цены
- Хлеб на закваске стоит 320 ₽ за буханку.
- Ржаной хлеб стоит 280 ₽.
- Круассан сливочный стоит 150 ₽, с миндалём 190 ₽.

## Торты и пироги: цены
- Медовик стоит 1900 ₽ за килограмм, кусочек медовика 290 ₽.
- Пирог яблочный или вишнёвый стоит 850 ₽, тыквенный пирог 900 ₽.

## Bread and pastry: prices
- A loaf of sourdough bread costs 320 ₽.
- Rye bread costs 280 ₽.
- A butter croissant costs 150 ₽, with almonds 190 ₽.

## Cakes and pies: prices
- Honey cake costs 1900 ₽ per kilogram, a slice of honey cake 290 ₽.
- An apple or cherry pie costs 850 ₽, a pumpkin pie 900 ₽.`,
  },
  {
    title: 'Часы работы и адреса · Opening hours and addresses',
    text: `## Часы работы
Пекарни открыты с понедельника по пятницу с 7:30 до 21:00. В субботу и воскресенье мы открыты с 8:30 до 20:00. Работаем и в праздники, кроме 1 января.

## Адреса
Первая пекарня находится на улице Садовой, 5, вторая пекарня на Липовой, 12. У обеих есть несколько столиков.

## Opening hours
The shops are open Monday to Friday from 7:30 to 21:00. On Saturday and Sunday we are open from 8:30 to 20:00. We are open on holidays too, except January 1.

## Addresses
Our first shop is located at 5 Garden Street, the second one at 12 Linden Street. Both have a few tables.`,
  },
  {
    title: 'Состав и аллергены · Ingredients and allergens',
    text: `## Глютен
Безглютенового хлеба у нас нет: вся выпечка содержит глютен, мука есть в воздухе пекарни.

## Орехи и молоко
Орехи есть в круассане с миндалём и в торте «Пралине». Ржаной хлеб и хлеб на закваске готовим без молока и яиц, они подходят веганам.

## Gluten
We have no gluten-free bread: all our pastry contains gluten, and there is flour in the air of the bakery.

## Nuts and milk
Nuts are in the almond croissant and in the Praline cake. Rye bread and sourdough bread are made without milk and eggs, so they are vegan.`,
  },
  {
    title: 'Торты на заказ · Custom cakes',
    text: `## Как заказать торт
Торт на заказ готовим за три дня, в декабре за неделю. Заказать торт можно в любой пекарне или в директе. Предоплата за торт 50 %.

## Вес и украшение
Минимальный вес торта на заказ 1,5 килограмма, цена от 2200 ₽ за килограмм. Надпись на торте бесплатная, фигурки от 300 ₽.

## How to order a cake
A custom cake takes three days, in December one week. You can order a cake in either shop or by direct message. The prepayment for a cake is 50 %.

## Weight and decoration
The smallest custom cake weighs 1.5 kilograms, and the price starts at 2200 ₽ per kilogram. An inscription on the cake is free, figures start at 300 ₽.`,
  },
  {
    title: 'Возврат и качество · Returns and quality',
    text: `## Если что-то не так
Если выпечка не понравилась, верните её в день покупки с чеком: заменим или вернём деньги. Возврат за торт на заказ возможен при отмене за два дня.

## If something is wrong
If you do not like our pastry, return it on the day of purchase with the receipt: we replace it or refund the money. A custom cake can be refunded when cancelled two days before.`,
  },
  {
    title: 'Как хранить · Storage',
    text: `## Хранение хлеба
Хлеб на закваске хранится четыре дня в льняном мешке при комнатной температуре. Хлеб можно заморозить ломтиками на срок до трёх месяцев.

## Хранение тортов
Медовик хранится пять дней в холодильнике, торты с ягодами двое суток.

## Keeping bread
Sourdough bread keeps for four days in a linen bag at room temperature. Bread can be frozen in slices for up to three months.

## Keeping cakes
Honey cake keeps for five days in the fridge, cakes with berries for two days.`,
  },
  {
    title: 'Оплата и подарки · Payment and gifts',
    text: `## Оплата
Оплатить можно картой, наличными и по QR-коду. Оплата курьеру возможна только картой.

## Подарочные сертификаты
Подарочные сертификаты бывают на 1000, 2000 и 5000 ₽ и действуют один год.

## Payment
You can pay by card, in cash or by QR code. The courier takes cards only.

## Gift cards
Gift cards come for 1000, 2000 and 5000 ₽ and are valid for one year.`,
  },
];
