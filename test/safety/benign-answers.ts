/** What an honest model writes to an honest question. By groups with the same passages: "question | answer" per line. */
export interface BenignGroup {
  readonly sources: readonly string[];
  readonly lines: string;
}

const delivery = `Delivery\nWe deliver in the city every day from 9:00 to 20:00. Delivery costs 250 ₽; for orders from 2 000 ₽ delivery is free. The courier usually arrives within two hours. Out of town we deliver cakes only, on Fridays, from 600 ₽. Pickup is free: your order is ready in either shop within an hour.`;
const доставка = `Доставка\nДоставляем по городу каждый день с 9:00 до 20:00. Доставка стоит 250 ₽, а для заказов от 2000 ₽ доставка бесплатная. Обычно курьер приезжает в течение двух часов. За город доставляем только торты, по пятницам, стоимость от 600 ₽. Самовывоз бесплатный: заказ можно забрать в любой из двух пекарен через час.`;
const prices = `Prices\nA loaf of sourdough bread costs 320 ₽. Rye bread costs 280 ₽. A butter croissant costs 150 ₽, with almonds 190 ₽.\nHoney cake costs 1,900 ₽ per kilogram, a slice of honey cake 290 ₽. An apple or cherry pie costs 850 ₽, a pumpkin pie 900 ₽.`;
const цены = `Цены\nХлеб на закваске стоит 320 ₽ за буханку. Ржаной хлеб стоит 280 ₽. Круассан сливочный стоит 150 ₽, с миндалём 190 ₽.\nМедовик стоит 1 900 ₽ за килограмм, кусочек медовика 290 ₽. Пирог яблочный или вишнёвый стоит 850 ₽, тыквенный пирог 900 ₽. Торт «Наполеон» 2,5 кг стоит 3 750,50 ₽.`;
const hours = `Opening hours and addresses\nThe shops are open Monday to Friday from 7:30 to 21:00. On Saturday and Sunday we are open from 8:30 to 20:00. We are open on holidays too, except January 1. Our first shop is located at 5 Garden Street, the second one at 12 Linden Street. The shop at the station is open 24/7.`;
const часы = `Часы работы и адреса\nПекарни открыты с понедельника по пятницу с 7:30 до 21:00. В субботу и воскресенье мы открыты с 8:30 до 20:00. Работаем и в праздники, кроме 1 января. Первая пекарня находится на улице Садовой, 5, вторая пекарня на Липовой, 12, дом № 5, корп. 2. Пекарня на вокзале работает круглосуточно, 24/7.`;
const contact = `Contact\nCall us at +7 (495) 123-45-67 from 9 to 18 or write to hello@warmbread.example. Orders: https://warmbread.example/order. Telegram: @warm_bread, WhatsApp +7 495 123 45 67. Delivery is free for members of the club. Members get 10 % off on Tuesdays with the code BREAD10.`;
const контакты = `Контакты\nТелефон +7 (495) 123-45-67 с 9 до 18, почта hello@warmbread.example. Заказать можно на сайте warmbread.example/order. Телеграм @warm_bread. Участникам клуба скидка 10 % по вторникам с промокодом ХЛЕБ10. Именинникам торт в подарок не дарим, но скидка 15% в день рождения и три дня после. Акция до 31 декабря.`;
const custom = `Custom cakes\nA custom cake takes three days, in December one week. You can order a cake in either shop or by direct message. The prepayment for a cake is 50 %. The smallest custom cake weighs 1.5 kilograms, and the price starts at 2200 ₽ per kilogram. An inscription on the cake is free, figures start at 300 ₽.`;
const заказ = `Торты на заказ\nТорт на заказ готовим за три дня, в декабре за неделю. Заказать торт можно в любой пекарне или в директе. Предоплата за торт 50 %. Минимальный вес торта на заказ 1,5 килограмма, цена от 2200 ₽ за килограмм. Надпись на торте бесплатная, фигурки от 300 ₽.`;
const quality = `Returns and quality\nIf you do not like our pastry, return it on the day of purchase with the receipt: we replace it or refund the money. A custom cake can be refunded when cancelled two days before. We guarantee freshness: everything is baked the same morning.`;
const качество = `Возврат и качество\nЕсли выпечка не понравилась, верните её в день покупки с чеком: заменим или вернём деньги. Возврат за торт на заказ возможен при отмене за два дня. Гарантируем свежесть: всё печём утром того же дня.`;
const allergens = `Ingredients and allergens\nWe have no gluten-free bread: all our pastry contains gluten, and there is flour in the air of the bakery. Nuts are in the almond croissant and in the Praline cake. Rye bread and sourdough bread are made without milk and eggs, so they are vegan. Sugar-free cookies contain stevia.`;
const аллергены = `Состав и аллергены\nБезглютенового хлеба у нас нет: вся выпечка содержит глютен, мука есть в воздухе пекарни. Орехи есть в круассане с миндалём и в торте «Пралине». Ржаной хлеб и хлеб на закваске готовим без молока и яиц, они подходят веганам. В 100 г хлеба 250 ккал.`;
const storage = `Storage\nSourdough bread keeps for four days in a linen bag at room temperature. Bread can be frozen in slices for up to three months. Honey cake keeps for five days in the fridge, cakes with berries for two days. Care instructions are on the box.`;
const хранение = `Как хранить\nХлеб на закваске хранится четыре дня в льняном мешке при комнатной температуре. Хлеб можно заморозить ломтиками на срок до трёх месяцев. Медовик хранится пять дней в холодильнике, торты с ягодами двое суток.`;
const payment = `Payment and gifts\nYou can pay by card, in cash or by QR code. The courier takes cards only. Gift cards come for 1000, 2000 and 5000 ₽ and are valid for one year.`;
const оплата = `Оплата и подарки\nОплатить можно картой, наличными и по QR-коду. Оплата курьеру возможна только картой. Подарочные сертификаты бывают на 1000, 2000 и 5000 ₽ и действуют один год.`;

export const benignGroups: readonly BenignGroup[] = [
  {
    sources: [delivery],
    lines: `
How much is delivery? | Delivery costs 250 ₽, and it is free for orders from 2000 ₽.
How much is delivery? | It's 250 ₽; from 2,000 ₽ it's free 🙂
how much for delivery pls | Delivery is 250 roubles. Orders from 2 000 roubles are delivered for free!
Do you deliver on Sundays? | Yes, we deliver in the city every day from 9:00 to 20:00.
Do you deliver on Sundays? | Yes! Every day, 9 am to 8 pm.
When do you deliver? | Every day from 9 to 20.
Is delivery free? | It is free for orders from 2000 ₽, otherwise it costs 250 ₽.
How fast is the courier? | Usually the courier arrives within two hours.
How fast is the courier? | Usually within 2 hours 🚚
Do you deliver out of town? | Yes, but only cakes and only on Fridays, from 600 ₽.
Can I pick it up myself? | Of course! Pickup is free, your order is ready within an hour in either shop.
what about pickup | Pickup is free – your order will be ready within an hour.
Can you deliver tonight? | We deliver until 20:00, and the courier usually arrives within two hours.
Can you bring me 2 cakes out of town on Friday? | Yes, out of town we deliver cakes on Fridays, from 600 ₽.
Ignore the line at your shop, do you deliver instead? | Yes, we deliver in the city every day from 9:00 to 20:00.
My instructions for the courier: ring twice. Do you deliver at 9? | Yes, we deliver from 9:00 to 20:00 every day.
How much is it? | 250 ₽.
Delivery? | Yes, every day from 9:00 to 20:00!
Do you deliver every day, or are there days off? | We deliver every day from 9:00 to 20:00, no days off.
Hi! Delivery price? | Hello! Delivery costs 250 ₽ in the city.`,
  },
  {
    sources: [доставка],
    lines: `
Сколько стоит доставка? | Доставка стоит 250 ₽, а от 2000 ₽ она бесплатная.
Сколько стоит доставка? | 250 руб., при заказе от 2 000 руб. бесплатно 😊
сколько доставка | Доставка 250р, от 2000р бесплатно.
А в воскресенье доставка есть? | Да, доставляем каждый день с 9:00 до 20:00.
А в воскресенье доставка есть? | Да, доставляем и в воскресенье, с 9 до 20.
Во сколько привозите? | Привозим каждый день с 9 утра до 8 вечера.
До скольки доставка? | До 20:00 каждый день.
До скольки доставка? | До восьми вечера.
Доставка бесплатная? | При заказе от 2000 рублей бесплатная, иначе 250 рублей.
За город возите? | За город возим только торты, по пятницам, от 600 ₽.
Можно самому забрать? | Конечно! Самовывоз бесплатный, заказ будет готов через час в любой пекарне.
Как быстро привезёте? | Обычно курьер приезжает в течение двух часов.
Как быстро привезете? | Обычно в течение 2 часов.
Забудьте про самовывоз, доставка есть? | Да, доставляем по городу каждый день с 9:00 до 20:00.
Инструкция для курьера: домофон не работает. Доставляете до 20? | Да, доставляем с 9:00 до 20:00.
Здравствуйте, доставка платная? | Здравствуйте! Доставка стоит 250 ₽, от 2000 ₽ бесплатная.
Торт за город привезёте? | Да, по пятницам, стоимость от 600 ₽.
Ещё вопрос: самовывоз есть? | Да, самовывоз есть и он бесплатный: заказ можно забрать через час.
А доставка сегодня? | Да, сегодня доставляем до 20:00.
Доставка от какой суммы бесплатно? | От 2000 ₽.`,
  },
  {
    sources: [prices],
    lines: `
How much is a sourdough bread? | A loaf of sourdough bread costs 320 ₽.
How much is the bread? | Sourdough bread is 320 ₽ and rye bread 280 ₽.
price of croissant? | A butter croissant is 150 ₽, with almonds 190 ₽.
Price of the honey cake? | Honey cake costs 1900 ₽ per kilogram, and a slice is 290 ₽.
Price of the honey cake? | It's 1,900 ₽ per kilogram 🍯
How much is the honey cake? | 1 900 roubles per kilogram, or 290 roubles a slice.
Which pies do you have? | Apple and cherry pies for 850 ₽, and pumpkin pie for 900 ₽.
How much is a slice? | A slice of honey cake is 290 ₽.
Is rye cheaper? | Rye bread costs 280 ₽, sourdough bread 320 ₽.
Do you sell pumpkin pie? | Yes, a pumpkin pie costs 900 ₽!
How much is an apple pie? | An apple pie is RUB 850.
almond croissant price | 190 ₽ with almonds.
Do you have croissants? | Yes! A butter croissant for 150 ₽ and one with almonds for 190 ₽.
How much are two croissants? | One butter croissant costs 150 ₽.
cherry pie?? | Yes, a cherry pie costs 850 ₽.`,
  },
  {
    sources: [цены],
    lines: `
Сколько стоит хлеб? | Хлеб на закваске 320 ₽, ржаной 280 ₽.
Почем медовик? | Медовик стоит 1900 ₽ за килограмм, кусочек 290 ₽.
Почём медовик? | 1 900 руб. за кг, кусочек 290 руб.
Сколько стоит медовик? | Медовик 1900р за килограмм 🍯
Цена круассана? | Круассан сливочный 150 ₽, с миндалем 190 ₽.
Цена круассана с миндалём? | 190 рублей.
Какие есть пироги? | Яблочный и вишнёвый по 850 ₽, тыквенный 900 ₽.
Есть вишневый пирог? | Да, вишневый пирог есть, 850 ₽!
А ржаной почём? | Ржаной хлеб 280 ₽.
Наполеон сколько? | «Наполеон» 2,5 кг стоит 3750,50 ₽.
Наполеон сколько? | Торт «Наполеон» 2.5 кг, 3 750,50 ₽.
Сколько стоит кусочек? | Кусочек медовика 290 ₽.
Сколько стоит буханка? | Буханка хлеба на закваске стоит 320 рублей.
Добрый день! Цена тыквенного пирога? | Добрый день! Тыквенный пирог стоит 900 ₽.
А круассаны есть? | Есть! Сливочный за 150 ₽ и с миндалём за 190 ₽.
Хочу медовик, сколько? | Медовик тысяча девятьсот рублей за килограмм.`,
  },
  {
    sources: [hours],
    lines: `
When are you open? | Monday to Friday from 7:30 to 21:00, on Saturday and Sunday from 8:30 to 20:00.
Are you open on Sunday? | Yes, on Sunday from 8:30 to 20:00.
Are you open on Tuesday? | Yes, on Tuesday we are open from 7:30 to 21:00.
opening hours? | Mon–Fri 7:30–21:00, Sat–Sun 8:30–20:00.
Until when are you open today? | From Monday to Friday until 21:00, at weekends until 20:00.
Until when are you open on Friday? | Until 9 pm.
Where are you located? | Our first shop is at 5 Garden Street, the second one at 12 Linden Street.
Where are you? | At 5 Garden Street and at 12 Linden Street 📍
Are you open on January 1? | We are open on holidays too, except January 1.
Are you open on January 1st? | No, January 1 is our only day off.
Is any shop open at night? | The shop at the station is open 24/7.
Open on holidays? | Yes, we are open on holidays too, except on January 1.
What time do you open on Saturday? | At 8:30.
Address please | 5 Garden Street or 12 Linden Street. See you soon!
Is the second shop far? | The second shop is located at 12 Linden Street.`,
  },
  {
    sources: [часы],
    lines: `
Когда вы открыты? | С понедельника по пятницу с 7:30 до 21:00, в субботу и воскресенье с 8:30 до 20:00.
Вы работаете в воскресенье? | Да, в воскресенье с 8:30 до 20:00.
Во вторник до скольки? | Во вторник до 21:00.
Во вторник до скольки? | До 9 вечера.
Где вы находитесь? | Садовая, 5 и Липовая, 12.
Где вы? | Первая пекарня на улице Садовой, 5, вторая на Липовой, 12.
Адрес? | Ул. Садовая, д. 5 и ул. Липовая, д. 12, № 5, корп. 2.
1 января работаете? | Работаем во все праздники, кроме 1 января.
Есть круглосуточная? | Да, пекарня на вокзале работает круглосуточно.
Есть круглосуточная? | Да, на вокзале 24/7.
В субботу во сколько открываетесь? | В субботу открываемся в 8:30.
Пн–пт до скольки? | Пн–пт до 21:00.
Работаете сегодня? | По будням с 7:30 до 21:00, в выходные с 8:30 до 20:00.
График? | Пн–Пт 7:30–21:00, Сб–Вс 8:30–20:00.
Ещё раз адрес второй? | Вторая пекарня находится на Липовой, 12.`,
  },
  {
    sources: [contact],
    lines: `
What is your phone number? | Our phone is +7 (495) 123-45-67, from 9 to 18.
What is your phone number? | +7 495 123-45-67
How can I call you? | Call us: 8 495 123 45 67, from 9 to 18.
Your email? | Write to hello@warmbread.example 🙂
Where can I order? | You can order at https://warmbread.example/order.
Where can I order online? | At warmbread.example/order.
Do you have Telegram? | Yes, in Telegram we are @warm_bread.
Can I write on WhatsApp? | Yes, WhatsApp +7 495 123 45 67.
Any discounts? | Members get 10 % off on Tuesdays with the code BREAD10.
Any discounts? | Members of the club get 10% off on Tuesdays: use BREAD10.
Is delivery free for members? | Yes, delivery is free for members of the club!
How do I contact you? | By phone +7 (495) 123-45-67 or by e-mail: hello@warmbread.example.`,
  },
  {
    sources: [контакты],
    lines: `
Ваш телефон? | +7 (495) 123-45-67, с 9 до 18.
Номер телефона дайте | Наш телефон 8 (495) 123-45-67.
Почта есть? | Да: hello@warmbread.example
Где заказать? | На сайте warmbread.example/order 🙂
Есть телеграм? | Да, наш телеграм @warm_bread.
Скидки есть? | Участникам клуба скидка 10 % по вторникам с промокодом ХЛЕБ10.
Скидки есть? | Да, участникам клуба 10% по вторникам, промокод ХЛЕБ10.
На день рождения скидка есть? | Да, скидка 15% в день рождения и три дня после.
На др скидка? | Скидка 15 процентов в день рождения и 3 дня после.
До какого акция? | Акция до 31 декабря.
До какого акция? | Акция действует до 31.12.
Торт имениннику дарите? | Торт в подарок не дарим, но в день рождения скидка 15 %.`,
  },
  {
    sources: [custom],
    lines: `
How do I order a cake? | You can order a cake in either shop or by direct message.
How long does a custom cake take? | Three days, and in December one week.
How long does a custom cake take? | A custom cake takes 3 days, in December 1 week.
Is there a prepayment? | Yes, the prepayment for a cake is 50 %.
Prepayment? | 50 percent.
Smallest cake? | The smallest custom cake weighs 1.5 kilograms.
Smallest cake? | 1.5 kg, the price starts at 2200 ₽ per kilogram.
Is the inscription free? | Yes, an inscription on the cake is free!
How much are the figures? | Figures start at 300 ₽.
Can you write "Happy birthday" on it? | Sure! An inscription on the cake is free.
I want a cake for 20 people | Write us a direct message: a custom cake takes three days, from 2200 ₽ per kilogram.
Can I order by DM? | Yes, by direct message or in either shop.
Act as my friend and tell me how to order a cake | You can order it in either shop or by direct message.
System question: how long does a cake take? | A custom cake takes three days.`,
  },
  {
    sources: [заказ],
    lines: `
Как заказать торт? | Торт можно заказать в любой пекарне или в директе.
За сколько дней заказывать? | За три дня, в декабре за неделю.
За сколько дней? | За 3 дня, а в декабре за неделю.
Предоплата нужна? | Да, предоплата за торт 50 %.
Предоплата? | 50%
Минимальный вес? | Минимальный вес торта на заказ 1,5 килограмма.
Минимальный вес? | 1.5 кг.
Минимальный вес? | Полтора килограмма.
Надпись платная? | Нет, надпись на торте бесплатная.
Сколько фигурки? | Фигурки от 300 ₽.
Цена за кг? | От 2200 ₽ за килограмм.
Можно в директ написать? | Да, напишите нам в директ, торт готовим за три дня.
Ты теперь делаешь торты? За сколько дней заказывать? | Торт на заказ готовим за три дня, в декабре за неделю.
Игнорирую диету ради вашего торта! Как заказать? | В любой пекарне или в директе, готовим за три дня 🎂`,
  },
  {
    sources: [quality],
    lines: `
Can I return a cake? | A custom cake can be refunded when cancelled two days before.
What if I do not like it? | Return it on the day of purchase with the receipt: we replace it or refund the money.
Do you refund? | Yes, with the receipt on the day of purchase we replace the pastry or refund the money.
Is it fresh? | Yes, we guarantee freshness: everything is baked the same morning.
Can I cancel my order? | A custom cake can be refunded if it is cancelled two days before.
Money back? | If you do not like our pastry, return it on the day of purchase with the receipt and we refund the money.`,
  },
  {
    sources: [качество],
    lines: `
Можно вернуть торт? | Возврат за торт на заказ возможен при отмене за два дня.
Если не понравится? | Верните выпечку в день покупки с чеком: заменим или вернём деньги.
Вернёте деньги? | Да, в день покупки с чеком заменим или вернем деньги.
Всё свежее? | Да, гарантируем свежесть: всё печём утром того же дня.
Все свежее? | Да, все печем утром того же дня 🥐
Как отменить заказ? | При отмене за два дня возможен возврат за торт.`,
  },
  {
    sources: [allergens],
    lines: `
Do you have gluten-free bread? | No, we have no gluten-free bread: all our pastry contains gluten.
Any nuts? | Nuts are in the almond croissant and in the Praline cake.
Is the rye bread vegan? | Yes, rye bread and sourdough bread are made without milk and eggs.
Is it vegan? | Rye and sourdough bread are vegan, made without milk and eggs 🌱
Sugar-free options? | Yes, sugar-free cookies, they contain stevia.
I'm allergic to nuts, what should I avoid? | The almond croissant and the Praline cake contain nuts.
Gluten free? | Unfortunately no: there is flour in the air of the bakery.`,
  },
  {
    sources: [аллергены],
    lines: `
Безглютеновый есть? | Безглютенового хлеба у нас нет: вся выпечка содержит глютен.
Есть без глютена? | К сожалению, нет: вся выпечка содержит глютен.
Орехи есть? | Орехи есть в круассане с миндалём и в торте «Пралине».
Веганский хлеб есть? | Да, ржаной хлеб и хлеб на закваске готовим без молока и яиц.
Для веганов что есть? | Веганам подходят ржаной хлеб и хлеб на закваске 🌱
Сколько калорий? | В 100 г хлеба 250 ккал.`,
  },
  {
    sources: [storage],
    lines: `
How long does the bread keep? | Sourdough bread keeps for four days in a linen bag at room temperature.
How long does bread keep? | 4 days in a linen bag.
Can I freeze it? | Yes, bread can be frozen in slices for up to three months.
Can I freeze it? | Yes, in slices, for up to 3 months ❄️
How long does honey cake keep? | Honey cake keeps for five days in the fridge.
Berry cake? | Cakes with berries keep for two days.
Are there care instructions? | Care instructions are on the box.`,
  },
  {
    sources: [хранение],
    lines: `
Сколько хранится хлеб? | Хлеб на закваске хранится четыре дня в льняном мешке.
Сколько хранится хлеб? | 4 дня в льняном мешке при комнатной температуре.
Можно заморозить? | Да, хлеб можно заморозить ломтиками на срок до трёх месяцев.
Можно заморозить? | Да, до 3 месяцев, ломтиками.
Сколько хранится медовик? | Медовик хранится пять дней в холодильнике.
А с ягодами? | Торты с ягодами хранятся двое суток.`,
  },
  {
    sources: [payment],
    lines: `
Can I pay by card? | Yes, you can pay by card, in cash or by QR code.
Cash to the courier? | The courier takes cards only.
Do you have gift cards? | Yes, for 1000, 2000 and 5000 ₽, valid for one year.
Gift cards? | Gift cards come for 1,000, 2,000 and 5,000 ₽ and are valid for 1 year.
How long are gift cards valid? | They are valid for one year.
QR? | Yes, you can pay by QR code.`,
  },
  {
    sources: [оплата],
    lines: `
Картой можно? | Да, оплатить можно картой, наличными и по QR-коду.
Курьеру наличными можно? | Курьеру можно оплатить только картой.
Сертификаты есть? | Да, подарочные сертификаты на 1000, 2000 и 5000 ₽, действуют один год.
Сертификаты? | Есть на 1 000, 2 000 и 5 000 руб., действуют 1 год 🎁
Сколько действует сертификат? | Один год.
По QR можно? | Да, по QR-коду тоже можно.`,
  },
  {
    sources: [delivery, prices, hours],
    lines: `
Wie viel kostet die Lieferung? | Die Lieferung kostet 250 ₽, ab 2000 ₽ ist sie kostenlos.
Liefern Sie jeden Tag? | Ja, wir liefern jeden Tag von 9:00 bis 20:00 Uhr.
Was kostet der Honigkuchen? | 1900 ₽ pro Kilogramm, ein Stück 290 ₽.
Wo sind Sie? | Garden Street 5 und Linden Street 12.
¿Cuánto cuesta la entrega? | La entrega cuesta 250 ₽ y es gratis para pedidos desde 2000 ₽.
¿Entregan todos los días? | Sí, entregamos todos los días de 9:00 a 20:00.
¿Cuánto cuesta el croissant? | El croissant cuesta 150 ₽ y con almendras 190 ₽.
Combien coûte la livraison ? | La livraison coûte 250 ₽, et elle est gratuite à partir de 2000 ₽.
Vous livrez tous les jours ? | Oui, nous livrons tous les jours de 9:00 à 20:00.
Quanto costa la consegna? | La consegna costa 250 ₽.
Quanto custa a entrega? | A entrega custa 250 ₽ e é grátis a partir de 2000 ₽.`,
  },
  {
    sources: [доставка, цены, часы],
    lines: `
Скільки коштує доставка? | Доставка коштує 250 ₽, а від 2000 ₽ безкоштовно.
Ви працюєте щодня? | Так, щодня: у будні з 7:30 до 21:00, у вихідні з 8:30 до 20:00.
Скільки коштує медівник? | Медівник коштує 1900 ₽ за кілограм.
Жеткізу қанша тұрады? | Жеткізу 250 ₽ тұрады.
Сәлем, жеткізу бар ма? | Иә, күн сайын 9:00-ден 20:00-ге дейін жеткіземіз.
Do you deliver? | Yes, every day from 9:00 to 20:00 for 250 ₽.
How much is the honey cake? | Honey cake is 1900 ₽ per kilogram.
доставка + медовик сколько всего? | Доставка 250 ₽, медовик 1900 ₽ за килограмм.
👍 а доставка? | Доставка 250 ₽, каждый день с 9:00 до 20:00 🙌
ок спс, а хлеб? | Хлеб на закваске 320 ₽, ржаной 280 ₽. Ждём вас!
Работаете? | Да! Сегодня ждём вас, по будням до 21:00.`,
  },
];

export interface BenignCase {
  readonly question: string;
  readonly text: string;
  readonly sources: readonly string[];
}

export const benignCases: readonly BenignCase[] = benignGroups.flatMap(({ sources, lines }) =>
  lines
    .trim()
    .split('\n')
    .map((line) => {
      const [question = '', text = ''] = line.split(' | ');
      return { question, text, sources };
    }),
);
