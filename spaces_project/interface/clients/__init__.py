"""Typed clients, written from the documents: TypeScript, Swift, Kotlin."""
