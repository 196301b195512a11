"""Webhooks out: what happens is told to other servers, signed, in order, at least once.

An app says which of its events are told and in what words (:mod:`.sources`). A feed follows the log
and marks, per endpoint and room, how far there is something to tell (:mod:`.feed`); what is told is
read from the log again when it is sent (:mod:`.messages`), so that no table holds it and nothing
that was erased is sent. :mod:`.sender` runs the deliveries.
"""
