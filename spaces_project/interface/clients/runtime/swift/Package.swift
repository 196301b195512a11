// swift-tools-version:5.7
import PackageDescription

let package = Package(
    name: "Spaces",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [.library(name: "Spaces", targets: ["Spaces"])],
    targets: [.target(name: "Spaces")]
)
