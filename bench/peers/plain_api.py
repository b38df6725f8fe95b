"""What an API on the same server costs at least, and what the usual one costs.

    python plain_api.py PORT        with BENCH_DATABASE_URL set

uvicorn with the options of `truenav api`, in the product's own environment (FastAPI, SQLAlchemy and
psycopg are there). `/ok` answers `{"ok": true}`; `/orm` a page of 100 transactions by SQLAlchemy
objects and `response_model`; nobody logs in, nothing is checked, there is one table.
"""

import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Date, Numeric, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine(os.environ["BENCH_DATABASE_URL"], pool_size=8)
sessions = async_sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    """Of the one table."""


class Transaction(Base):
    """A transaction as a small tracker keeps it."""

    __tablename__ = "peer_transactions"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int]
    instrument_id: Mapped[int]
    side: Mapped[str]
    quantity: Mapped[Decimal] = mapped_column(Numeric(20, 8))
    price: Mapped[Decimal] = mapped_column(Numeric(20, 8))
    fee: Mapped[Decimal] = mapped_column(Numeric(20, 8))
    trade_date: Mapped[date] = mapped_column(Date)
    note: Mapped[str | None]


class TransactionOut(BaseModel):
    """The same, on the wire."""

    model_config = ConfigDict(from_attributes=True)
    id: int
    account_id: int
    instrument_id: int
    side: str
    quantity: Decimal
    price: Decimal
    fee: Decimal
    trade_date: date
    note: str | None


class Page(BaseModel):
    """A page of them."""

    items: Sequence[TransactionOut]
    next_cursor: str | None
    has_more: bool


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)


@app.get("/ok")
async def ok() -> dict[str, bool]:
    return {"ok": True}


@app.get("/orm", response_model=Page)
async def orm() -> dict[str, object]:
    query = (
        select(Transaction)
        .where(Transaction.account_id == 7)
        .order_by(Transaction.trade_date.desc(), Transaction.id.desc())
        .limit(100)
    )
    async with sessions() as session:
        rows = (await session.scalars(query)).all()
    return {"items": rows, "next_cursor": "x", "has_more": True}


if __name__ == "__main__":
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        loop="auto",
        http="httptools",
        log_level="warning",
        access_log=False,
        server_header=False,
    )
