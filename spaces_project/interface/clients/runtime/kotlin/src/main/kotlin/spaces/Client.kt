package spaces

import java.net.URI
import java.net.URLEncoder
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse

/** What every operation may be told beside its wish. */
data class Options(
    /** Names the wish: asked again under the same key, it happens once. */
    val idempotencyKey: String? = null,
    /** Only if what is commanded has still this ETag. */
    val ifMatch: String? = null,
    /** Wait until what is read has reached this position. */
    val minPosition: String? = null,
    val onBehalfOf: String? = null,
)

data class Answer<T>(
    val data: T,
    val status: Int,
    val etag: String?,
    val position: String?,
    val replayed: Boolean,
)

/** A no (RFC 9457); go by its [code]. */
class ProblemException(val problem: Problem, val retryAfterS: Double?) : Exception(problem.detail ?: problem.title) {
    val code: String get() = problem.code
    val status: Int get() = problem.status.toInt()
}

data class Wish(
    val method: String,
    val path: String,
    val options: Options,
    val body: String?,
    val type: String?,
    val query: List<Pair<String, Any?>>,
)

data class Reply(val status: Int, val body: String, val header: (String) -> String?)

/** How requests travel; Android brings its own. */
fun interface Transport {
    fun send(method: String, address: String, headers: Map<String, String>, body: String?): Reply
}

class JvmTransport(private val http: HttpClient = HttpClient.newHttpClient()) : Transport {
    override fun send(method: String, address: String, headers: Map<String, String>, body: String?): Reply {
        val content = body?.let { HttpRequest.BodyPublishers.ofString(it) } ?: HttpRequest.BodyPublishers.noBody()
        val request = HttpRequest.newBuilder(URI.create(address)).method(method, content)
        headers.forEach { (name, value) -> request.header(name, value) }
        val response = http.send(request.build(), HttpResponse.BodyHandlers.ofString())
        return Reply(response.statusCode(), response.body()) { response.headers().firstValue(it).orElse(null) }
    }
}

class SpacesClient(
    private val base: String,
    private val transport: Transport = JvmTransport(),
    private val token: () -> String? = { null },
) {
    fun escaped(part: String): String = URLEncoder.encode(part, "UTF-8").replace("+", "%20")

    fun <T> send(wish: Wish, read: (String) -> T): Answer<T> {
        val reply = transport.send(wish.method, address(wish), headers(wish), wish.body)
        if (reply.status >= 400) {
            throw ProblemException(Problem.from(Json.read(reply.body)), reply.header("Retry-After")?.toDoubleOrNull())
        }
        return Answer(
            read(reply.body),
            reply.status,
            reply.header("ETag"),
            reply.header("Position"),
            reply.header("Idempotent-Replayed") == "true",
        )
    }

    private fun address(wish: Wish): String {
        val asked = wish.query
            .flatMap { (name, value) -> if (value is List<*>) value.map { name to it } else listOf(name to value) }
            .filter { (_, value) -> value != null }
            .joinToString("&") { (name, value) -> "${escaped(name)}=${escaped(value.toString())}" }
        return base.trimEnd('/') + wish.path + (if (asked.isEmpty()) "" else "?$asked")
    }

    private fun headers(wish: Wish): Map<String, String> {
        val known = listOf(
            "Authorization" to token()?.let { "Bearer $it" },
            "Content-Type" to wish.type,
            "Idempotency-Key" to wish.options.idempotencyKey,
            "If-Match" to wish.options.ifMatch,
            "Min-Position" to wish.options.minPosition,
            "On-Behalf-Of" to wish.options.onBehalfOf,
        )
        return known.mapNotNull { (name, value) -> value?.let { name to it } }.toMap()
    }
}

fun present(vararg members: Pair<String, Any?>): Map<String, Any?> = members.filter { it.second != null }.toMap()
