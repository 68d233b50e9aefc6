# Reads a journal with beancount's own loader and prints its errors, or the balance of every account as beancount has it.
import sys
import tempfile

from beancount import loader
from beancount.core import realization

with tempfile.NamedTemporaryFile('w', suffix='.beancount', encoding='utf-8') as file:
    file.write(sys.stdin.buffer.read().decode('utf-8'))
    file.flush()
    entries, errors, options = loader.load_file(file.name)
for error in errors[:20]:
    print(error.message, file=sys.stderr)
if errors:
    sys.exit(1)
for account in realization.iter_children(realization.realize(entries)):
    for position in account.balance:
        if position.units.number != 0:
            print(f'{account.account}\t{position.units.currency}\t{position.units.number:f}')
