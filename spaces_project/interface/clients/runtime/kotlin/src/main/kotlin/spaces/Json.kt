package spaces

/** JSON (RFC 8259) without a library: maps, lists, texts, numbers, true, false and null. */
object Json {
    fun read(text: String): Any? = Reader(text).whole()

    fun write(value: Any?): String = when (value) {
        null -> "null"
        is String -> quoted(value)
        is Map<*, *> -> value.entries.joinToString(",", "{", "}") { quoted(it.key.toString()) + ":" + write(it.value) }
        is Iterable<*> -> value.joinToString(",", "[", "]") { write(it) }
        else -> value.toString()
    }

    private fun quoted(text: String): String {
        val words = StringBuilder("\"")
        for (letter in text) {
            when {
                letter == '"' -> words.append("\\\"")
                letter == '\\' -> words.append("\\\\")
                letter < ' ' -> words.append("\\u%04x".format(letter.code))
                else -> words.append(letter)
            }
        }
        return words.append('"').toString()
    }

    private class Reader(private val text: String) {
        private var at = 0

        fun whole(): Any? {
            val found = value()
            space()
            require(at == text.length) { "There is more than one value." }
            return found
        }

        private fun value(): Any? {
            space()
            return when (text[at]) {
                '{' -> members()
                '[' -> items()
                '"' -> words()
                't' -> word("true", true)
                'f' -> word("false", false)
                'n' -> word("null", null)
                else -> number()
            }
        }

        private fun members(): Map<String, Any?> {
            val found = LinkedHashMap<String, Any?>()
            each('}') {
                val name = words()
                space()
                take(':')
                found[name] = value()
            }
            return found
        }

        private fun items(): List<Any?> {
            val found = ArrayList<Any?>()
            each(']') { found.add(value()) }
            return found
        }

        private fun each(end: Char, read: () -> Unit) {
            at += 1
            space()
            if (text[at] == end) {
                at += 1
                return
            }
            while (true) {
                space()
                read()
                space()
                if (text[at] == end) break
                take(',')
            }
            at += 1
        }

        private fun words(): String {
            take('"')
            val found = StringBuilder()
            while (text[at] != '"') {
                if (text[at] == '\\') found.append(escaped()) else found.append(text[at])
                at += 1
            }
            at += 1
            return found.toString()
        }

        private fun escaped(): Char {
            at += 1
            return when (val letter = text[at]) {
                'n' -> '\n'
                't' -> '\t'
                'r' -> '\r'
                'b' -> '\b'
                'f' -> '\u000c'
                'u' -> {
                    at += 4
                    text.substring(at - 3, at + 1).toInt(16).toChar()
                }
                else -> letter
            }
        }

        private fun number(): Number {
            val from = at
            while (at < text.length && text[at] in "+-.eE0123456789") at += 1
            val digits = text.substring(from, at)
            return digits.toLongOrNull() ?: digits.toDouble()
        }

        private fun word(word: String, value: Any?): Any? {
            require(text.startsWith(word, at)) { "This is no JSON." }
            at += word.length
            return value
        }

        private fun space() {
            while (at < text.length && text[at].isWhitespace()) at += 1
        }

        private fun take(letter: Char) {
            require(text[at] == letter) { "Expected $letter." }
            at += 1
        }
    }
}
