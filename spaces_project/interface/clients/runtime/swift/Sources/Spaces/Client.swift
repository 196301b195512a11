import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// What every operation may be told beside its wish.
public struct Options: Sendable {
    /// Names the wish: asked again under the same key, it happens once.
    public var idempotencyKey: String?
    /// Only if what is commanded has still this ETag.
    public var ifMatch: String?
    /// Wait until what is read has reached this position.
    public var minPosition: String?
    public var onBehalfOf: String?

    public init(idempotencyKey: String? = nil, ifMatch: String? = nil, minPosition: String? = nil, onBehalfOf: String? = nil) {
        self.idempotencyKey = idempotencyKey
        self.ifMatch = ifMatch
        self.minPosition = minPosition
        self.onBehalfOf = onBehalfOf
    }
}

public struct Answer<Value> {
    public let data: Value
    public let status: Int
    public let etag: String?
    public let position: String?
    public let replayed: Bool
}

/// A no (RFC 9457); go by its `code`.
public struct ProblemError: Error {
    public let problem: Problem
    public let retryAfterS: Double?

    public var code: String { problem.code }
    public var status: Int { problem.status }
}

/// Any JSON, where the interface promises nothing closer.
public enum JSONValue: Codable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    public init(from decoder: Decoder) throws {
        let box = try decoder.singleValueContainer()
        if box.decodeNil() {
            self = .null
        } else if let value = try? box.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? box.decode(Double.self) {
            self = .number(value)
        } else if let value = try? box.decode(String.self) {
            self = .string(value)
        } else if let value = try? box.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .object(try box.decode([String: JSONValue].self))
        }
    }

    public func encode(to encoder: Encoder) throws {
        var box = encoder.singleValueContainer()
        switch self {
        case .null: try box.encodeNil()
        case .bool(let value): try box.encode(value)
        case .number(let value): try box.encode(value)
        case .string(let value): try box.encode(value)
        case .array(let value): try box.encode(value)
        case .object(let value): try box.encode(value)
        }
    }
}

struct Wish {
    var method: String
    var path: String
    var options: Options
    var query: [URLQueryItem] = []
    var body: Data?
    var type: String?

    init(method: String, path: String, options: Options) {
        self.method = method
        self.path = path
        self.options = options
    }

    mutating func ask(_ name: String, _ value: Any?) {
        if let value = value { query.append(URLQueryItem(name: name, value: "\(value)")) }
    }

    mutating func askEach(_ name: String, _ values: [Any]?) {
        for value in values ?? [] { ask(name, value) }
    }

    mutating func send<Body: Encodable>(json: Body?, as type: String) throws {
        guard let json = json else { return }
        body = try JSONEncoder().encode(json)
        self.type = type
    }

    mutating func send(text: String, as type: String) throws {
        body = text.data(using: .utf8)
        self.type = type
    }
}

public final class SpacesClient {
    private let base: URL
    private let token: () async throws -> String?
    private let session: URLSession

    public init(base: URL, session: URLSession = .shared, token: @escaping () async throws -> String? = { nil }) {
        self.base = base
        self.session = session
        self.token = token
    }

    func decoded<Value: Decodable>(_ wish: Wish) async throws -> Answer<Value> {
        let (data, response) = try await carryOut(wish)
        return answer(try JSONDecoder().decode(Value.self, from: data), response)
    }

    func text(_ wish: Wish) async throws -> Answer<String> {
        let (data, response) = try await carryOut(wish)
        return answer(String(decoding: data, as: UTF8.self), response)
    }

    func nothing(_ wish: Wish) async throws -> Answer<Void> {
        let (_, response) = try await carryOut(wish)
        return answer(Void(), response)
    }

    func escaped(_ part: String) -> String {
        part.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "_-"))) ?? part
    }

    private func answer<Value>(_ data: Value, _ response: HTTPURLResponse) -> Answer<Value> {
        Answer(
            data: data,
            status: response.statusCode,
            etag: response.value(forHTTPHeaderField: "ETag"),
            position: response.value(forHTTPHeaderField: "Position"),
            replayed: response.value(forHTTPHeaderField: "Idempotent-Replayed") == "true"
        )
    }

    private func carryOut(_ wish: Wish) async throws -> (Data, HTTPURLResponse) {
        var parts = URLComponents(url: base, resolvingAgainstBaseURL: false)!
        parts.percentEncodedPath = wish.path
        parts.queryItems = wish.query.isEmpty ? nil : wish.query
        var request = URLRequest(url: parts.url!)
        request.httpMethod = wish.method
        request.httpBody = wish.body
        let known: [(String, String?)] = [
            ("Authorization", try await token().map { "Bearer \($0)" }),
            ("Content-Type", wish.type),
            ("Idempotency-Key", wish.options.idempotencyKey),
            ("If-Match", wish.options.ifMatch),
            ("Min-Position", wish.options.minPosition),
            ("On-Behalf-Of", wish.options.onBehalfOf),
        ]
        for (name, value) in known {
            if let value = value { request.setValue(value, forHTTPHeaderField: name) }
        }
        let (data, raw) = try await session.data(for: request)
        let response = raw as! HTTPURLResponse
        guard response.statusCode < 400 else {
            let after = response.value(forHTTPHeaderField: "Retry-After").flatMap(Double.init)
            throw ProblemError(problem: try JSONDecoder().decode(Problem.self, from: data), retryAfterS: after)
        }
        return (data, response)
    }
}
