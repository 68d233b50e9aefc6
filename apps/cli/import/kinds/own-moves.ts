import { ok } from '#kernel';
import { day, id } from '../cells.ts';
import { describeKind, may, must, step } from '../kind.ts';
import { amountOf, commodityColumns, date, fund, moneyOf, narrative, ref } from '../shared.ts';

/** Money or goods moved between two own accounts, there on the same day or later. */
export const ownMoves = describeKind({
  name: 'own-moves',
  files: { vi: 'chuyen-tien', en: 'own-moves' },
  title: { vi: 'Chuyển tiền giữa các tài khoản', en: 'Moves between own accounts' },
  columns: {
    ref,
    fund,
    date,
    from: must(id, 'Từ tài khoản', 'From', 'nh-1'),
    to: must(id, 'Đến tài khoản', 'To', 'tien-mat'),
    amount: amountOf('Số tiền hoặc số lượng', 'Amount', '5.000.000'),
    ...commodityColumns,
    arrivedOn: may(day, 'Ngày đến', 'Arrived on', '', 'Để trống là trong ngày', 'Empty means the same day'),
    narrative,
  },
  steps: (row, key) => {
    const money = moneyOf('amount', row.amount, row);
    if (!money.ok) return money;
    const { fund: of, to, arrivedOn } = row;
    const moved = {
      fund: of,
      from: row.from,
      to,
      ...money.value,
      inTransit: arrivedOn !== null,
      narrative: row.narrative,
      effectiveOn: row.date,
    };
    return ok([
      step('move', 'move-own-money', moved),
      ...(arrivedOn === null
        ? []
        : [
            step('arrive', 'receive-own-money', {
              fund: of,
              move: key('move'),
              account: to,
              effectiveOn: arrivedOn,
            }),
          ]),
    ]);
  },
});
