"""What DEGIRO's descriptions mean, in the languages its exports come in."""

import re

from truenav.core.ledger.transactions import SubKind, TransactionKind

K, S = TransactionKind, SubKind
BUY_WORDS = frozenset({"buy", "koop", "kauf", "achat", "compra", "acquisto", "köp", "køb", "kjøp"})
SELL_WORDS = frozenset(
    {"sell", "verkoop", "verkauf", "vente", "venda", "venta", "vendita", "sälj", "salg"}
)
# Such as "Koop 1 @ 33,9 USD" or "Compra 6 ISHARES MSCI WOR A@49,785 EUR (IE00B4L5Y983)"
TRADE = re.compile(
    r"(?:(?P<event>.*?)\s*:\s*)?"
    rf"(?P<side>{'|'.join(sorted(BUY_WORDS | SELL_WORDS))})\s+"
    r"(?P<units>\d[\d.,\u00a0\u202f ]*?)(?:\s+(?P<name>\D.*?))?\s*"
    r"@\s*(?P<price>\d[\d.,]*)\s+(?P<unit>[A-Z]{3})(?:\s*\([A-Z0-9]{12}\))?",
    re.IGNORECASE,
)
# Money on its way between the account and its cash account; the amounts cancel out.
SWEEP = re.compile(
    r"cash sweep|overboeking (van|naar) uw geldrekening|transfer (from|to) your cash account"
    r"|transferir (de|para) a sua conta|überweisung (auf|von) ihr"
    r"|virement (vers|de) votre compte|traspaso (de|a) su cuenta",
    re.IGNORECASE,
)
# Its units stand for cash: only what they gain or lose moves the balance.
MONEY_FUND = re.compile(r"fonds monétaires|geldmarktfonds|money market fund", re.IGNORECASE)
CONVERSION = re.compile(
    r"valuta (creditering|debitering)|fx (credit|debit)|(ingreso|retirada) cambio de divisa"
    r"|(levantamento|crédito) de divisa|währungswechsel|opération de change|cambio valuta",
    re.IGNORECASE,
)
COMMISSION = re.compile(
    r"transactiekosten|transaction and/or third party fees|comissões de transação"
    r"|frais degiro de courtage|transaktionsgebühr|costes de transacción|costi di transazione",
    re.IGNORECASE,
)
# The first that is found tells; a tax on dividends is named before the dividend.
WORDS: tuple[tuple[re.Pattern[str], TransactionKind, SubKind | None], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind, sub_kind)
    for pattern, kind, sub_kind in (
        (
            "dividendbelasting|dividend tax|impôts? sur dividende|dividendensteuer|quellensteuer",
            K.TAX,
            S.WITHHOLDING,
        ),
        (
            r"imposto.* dividend|retención.* dividendo|ritenuta",
            K.TAX,
            S.WITHHOLDING,
        ),
        (r"stamp duty|transactiebelasting|finanztransaktionssteuer", K.TAX, None),
        (r"return of capital|capital return|kapitalrückzahlung", K.RETURN_OF_CAPITAL, None),
        (r"dividend", K.DIVIDEND, None),
        (COMMISSION.pattern, K.FEE, S.COMMISSION),
        (r"aansluitingskosten|connection fee|modalidades de|einrichtung von", K.FEE, S.CUSTODY),
        (r"corporate action (kosten|fee|costs)|\badr\b.*fee|\bkosten\b|gebühr", K.FEE, None),
        (r"variation fonds monétaires|geldmarktfonds|money market fund", K.INTEREST, S.CASH),
        (r"interest|\brente\b|\bzinsen\b|intérêts?|\bjuros\b|interessi", K.INTEREST, S.CASH),
        (r"courtesy|fonds monétaires|promo", K.ADJUSTMENT, S.CASH),
    )
)
CASH_MOVE = re.compile(
    r"deposit|storting|withdrawal|einzahlung|auszahlung|ingreso|retirada|depósito|levantamento"
    r"|versement|retrait|versamento|prelievo",
    re.IGNORECASE,
)
# Header words of the first column, and of the fifth.
DATE_WORDS = frozenset({"datum", "date", "fecha", "data", "dato"})
ISIN_WORDS = frozenset({"isin", "code isin", "codice isin"})
