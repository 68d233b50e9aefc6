#!/usr/bin/env python3
"""Tính lại các con số của năm từ chính các tệp, không dùng chương trình của Lá Lành.
Works the figures of the year out from its files again, with nothing of Lá Lành: python3 tinh.py writes the CSV beside it.

What it knows is a ledger's schoolbook: who adds to which account and who takes away. Goods leave at the value they came
in with, oldest first; a value that is not known is not counted."""
import csv
import json
import re
import zipfile
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
YEAR = HERE.parent
MONEY = ["tien-mat", "vcb", "bidv", "agri"]
STEPS = sorted(p for p in YEAR.iterdir() if p.is_dir() and p.name[0].isdigit())


def day(text):
    d, m, y = text.split("/")
    return f"{y}-{m}-{d}"


def number(text):
    return int(text.replace(".", ""))


def rows(path):
    """The rows of a file, without those of its control totals."""
    if not path.exists():
        return []
    found = list(csv.DictReader(path.open(encoding="utf-8")))
    return [row for row in found if not row.get("Số tham chiếu", "").startswith("Tổng cộng")]


def commands(step):
    for path in sorted(step.glob("*.ndjson")) + sorted(step.glob("sau-doi-chieu/*.ndjson")):
        for text in path.read_text(encoding="utf-8").splitlines():
            if text.strip():
                yield json.loads(text)


moves = []  # (day, account, amount in VND)
received = defaultdict(int)  # by source, what stayed received
given_back = defaultdict(int)
used = defaultdict(int)  # by recipient, VND
costs = defaultdict(int)  # by kind
goods = defaultdict(list)  # (good, programme or None) -> [[units, value of one or None]], oldest first
goods_out = defaultdict(int)
receipts, payments, unidentified, transit = {}, {}, {}, {}
proposed, differences, charges, lots = {}, {}, {}, {}
advances, debts = {}, {}
SOURCES = {"tự nguyện": "voluntary", "tài trợ có mục đích": "sponsorship", "viện trợ nước ngoài": "foreign-aid", "nguồn khác": "other"}

def leave(good, programme, amount):
    """Takes goods out, those kept for the programme first, and gives what they are worth."""
    worth = 0
    for key in {(good, programme): 1, (good, None): 1}:
        for lot in goods[key]:
            take = min(amount, lot[0])
            lot[0] -= take
            amount -= take
            worth += take * (lot[1] or 0)
    assert amount == 0, f"{amount} {good} more than there is"
    return worth


def imported(step):
    for row in rows(step / "tiep-nhan.csv"):
        amount, on = number(row["Số tiền hoặc số lượng"]), day(row["Ngày"])
        good = row.get("Loại tiền hoặc hiện vật") or None
        source = SOURCES[row["Nguồn thu"]]
        if good:
            value = row.get("Giá trị quy đổi")
            goods[good, None].append([amount, number(value) // amount if value else None])
            lots["receipts/" + row["Số tham chiếu"]] = (goods[good, None][-1], amount)
            continue
        receipts["receipts/" + row["Số tham chiếu"]] = [row["Mã tài khoản"], amount, source]
        moves.append((on, row["Mã tài khoản"], amount))
        if on >= "2024":
            received[source] += amount
    for row in rows(step / "chi-ho-tro.csv"):
        if not row.get("Ngày chi"):
            continue
        amount, good = number(row["Số tiền hoặc số lượng"]), row.get("Loại tiền hoặc hiện vật") or None
        to = row["Mã đối tượng"]
        if good:
            goods_out[good] += amount
            used[to] += leave(good, row.get("Mã chương trình") or None, amount)
            continue
        moves.append((day(row["Ngày chi"]), row["Chi từ tài khoản"], -amount))
        used[to] += amount
        payments["disbursements/" + row["Số tham chiếu"]] = to


def done(line):
    ref, name, body = line["ref"], line["name"], line["body"]
    on, amount = body.get("effectiveOn"), int(body["amount"]) if body.get("amount") else None
    in_year = on is not None and "2024" <= on < "2025"
    if name == "record-income":
        moves.append((on, body["account"], amount))
        received["income"] += amount
    elif name == "record-receipt":
        moves.append((on, body["account"], amount))
        if in_year:
            received[body["source"]] += amount
    elif name == "propose-expense":
        proposed[ref] = body
    elif name == "approve-decision":
        asked = proposed.pop(body["decision"]["ref"])
        moves.append((on, asked["account"], -int(asked["amount"])))
        costs[asked["kind"]] += int(asked["amount"])
    elif name in ("propose-disbursement", "change-disbursement"):
        proposed[body["disbursement"]["ref"] if "disbursement" in body else ref] = body
    elif name == "pay-disbursement":
        asked = proposed.pop(body["disbursement"]["ref"])
        moves.append((on, body["account"], -int(asked["amount"])))
        used[asked["lines"][0]["beneficiary"]] += int(asked["amount"])
    elif name == "buy-goods":
        moves.append((on, body["account"], -amount))
        pieces = int(body["quantity"])
        goods[body["good"], body.get("programme")].append([pieces, amount // pieces])
    elif name == "revise-valuation":
        lot, pieces = lots[body["receipt"]["ref"]]
        lot[1] = int(body["valuation"]["amount"]) // pieces
    elif name == "lose-goods":
        costs["lost"] += leave(body["good"], None, int(body["quantity"]))
    elif name == "pay-advance":
        moves.append((on, body["account"], -amount))
        advances[ref] = amount
    elif name == "top-up-advance":
        moves.append((on, body["account"], -amount))
        advances[body["advance"]["ref"]] += amount
    elif name == "settle-advance":
        out = amount or advances[body["advance"]["ref"]]
        costs[body["kind"]] += out
        advances[body["advance"]["ref"]] -= out
    elif name == "return-advance":
        moves.append((on, body["account"], advances[body["advance"]["ref"]]))
        advances[body["advance"]["ref"]] = 0
    elif name == "record-supplier-debt":
        costs[body["kind"]] += amount
        debts[ref] = [amount, body["kind"]]
    elif name == "pay-supplier":
        moves.append((on, body["account"], -amount))
        debts[body["debt"]["ref"]][0] -= amount
    elif name == "reduce-supplier-debt":
        owed = debts[body["debt"]["ref"]]
        less = amount or owed[0]
        costs[owed[1]] -= less
        owed[0] -= less
    elif name == "count-cash":
        lay = sum(money for _, account, money in moves if account == body["account"])
        differences[ref] = int(body["counted"]) - lay
        moves.append((on, body["account"], differences[ref]))
    elif name == "count-stock":
        lay = sum(n for (good, _), own in goods.items() if good == body["commodity"] for n, _ in own)
        lost = lay - int(body["counted"])
        assert lost >= 0
        differences[ref] = ("good", body["commodity"], lost)
    elif name == "resolve-count-difference":
        found = differences.pop(body["difference"]["ref"])
        if isinstance(found, tuple):
            costs["shortage"] += leave(found[1], None, found[2])
        elif body["how"] == "income":
            received["income"] += found
        elif body["how"] == "charged":
            charges[ref] = -found
        elif body["how"] == "written-off":
            costs["shortage"] += -found
        else:
            moves.append((on, "tien-mat", -found))
    elif name == "receive-charge":
        moves.append((on, body["account"], charges.pop(body["charge"]["ref"])))
    elif name == "record-expense":
        moves.append((on, body["account"], -amount))
        if in_year:
            costs[body["kind"]] += amount
    elif name == "move-own-money":
        moves.append((on, body["from"], -amount))
        if body.get("inTransit"):
            transit[ref] = amount
        else:
            moves.append((on, body["to"], amount))
    elif name == "receive-own-money":
        moves.append((on, body["account"], transit.pop(body["move"]["ref"])))
    elif name == "correct-receipt" and amount is not None:
        account, was, source = receipts[body["receipt"]["ref"]]
        moves.append((on, account, amount - was))
        receipts[body["receipt"]["ref"]][1] = amount
        if in_year:
            received[source] += amount - was
    elif name == "reverse-receipt":
        account, was, source = receipts[body["receipt"]["ref"]]
        moves.append((on, account, -was))
        received[source] -= was
        if body.get("recordAgain"):
            moves.append((on, account, was))
            received[source] += was
    elif name == "refund-to-donor":
        moves.append((on, body["account"], -amount))
        if in_year:
            given_back[receipts[body["receipt"]["ref"]][2]] += amount
    elif name == "return-disbursement":
        total = sum(int(one["amount"]) for one in body["lines"])
        moves.append((on, body["account"], total))
        if in_year:
            used[payments[body["disbursement"]["ref"]]] -= total
    elif name == "record-unidentified-receipt":
        moves.append((on, body["account"], amount))
        unidentified[ref] = amount
    elif name == "identify-receipt":
        received[body["source"]] += unidentified.pop(body["unidentified"]["ref"])
    elif name == "return-unidentified-receipt":
        moves.append((on, body["account"], -unidentified.pop(body["unidentified"]["ref"])))


kept_apart = 0
for step in STEPS:
    imported(step)
    for line in commands(step):
        done(line)
    for row in rows(step / "sao-ke" / "tam-giu.csv"):
        money = number(row["Số tiền của dòng"])
        moves.append((day(row["Ngày của dòng"]), row["Tài khoản"], money))
        kept_apart += money
assert not transit and not unidentified and not charges
assert not any(advances.values()) and not any(left for left, _ in debts.values())


def balance(account, through):
    return sum(amount for on, of, amount in moves if of == account and on <= through)


def stated(path):
    """The closing balance that a bank file states itself."""
    if path.suffix == ".xlsx":
        sheet = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
        last = re.findall(r"<row.*?</row>", sheet, re.S)[-1]
        return int(re.findall(r'<c r="E\d+"[^>]*><v>(\d+)</v>', last)[0])
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".xml":
        return int(re.findall(r"CLBD.*?<Amt[^>]*>(\d+)<", text, re.S)[0])
    if path.suffix == ".mt940":
        return int(re.findall(r":62F:C\d{6}VND(\d+),", text)[0])
    ends = {"vcb": r"Số dư cuối kỳ;;;([\d,]+);", "bidv": r"Dư cuối\t\t\t([\d,]+)", "agri": r'"([\d,]+)",\s*$'}
    return int(re.findall(ends[path.stem], text)[-1].replace(",", ""))


def write(name, header, lines):
    with (HERE / name).open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)


ends = [f"2024-{m:02}-{d:02}" for m, d in enumerate([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], 1)] + ["2025-01-31"]
write("so-du.csv", ["Ngày", *MONEY], [[on, *(balance(account, on) for account in MONEY)] for on in ends])
write(
    "doi-chieu.csv",
    ["Ngày", "Tài khoản", "Sổ", "Ngân hàng", "Chênh lệch phải liệt kê"],
    [
        [on, path.stem, balance(path.stem, on), stated(path), stated(path) - balance(path.stem, on)]
        for step, on in zip(STEPS[1:], ends)
        for path in sorted((step / "sao-ke").iterdir())
        if path.name not in ("khop.csv", "tam-giu.csv")
    ],
)
write("nguon.csv", ["Nguồn", "Tiếp nhận", "Hoàn trả"], [[s, received[s], given_back[s]] for s in sorted(received)])
write("doi-tuong.csv", ["Đối tượng", "Sử dụng"], sorted([key, value] for key, value in used.items()))
write("chua-ro.csv", ["Tiền chưa rõ của ai khi khoá sổ"], [[kept_apart]])
write("chi-phi.csv", ["Loại", "Số tiền"], sorted(costs.items()))
write(
    "hien-vat.csv",
    ["Hiện vật", "Đã trao", "Còn lại", "Giá trị còn lại"],
    [
        [g, goods_out[g], *(sum(n * (1 if of == 0 else v or 0) for (h, _), own in goods.items() if h == g for n, v in own) for of in (0, 1))]
        for g in sorted({good for good, _ in goods})
    ],
)
