#pragma once
// SQLite, in memory only.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <wheatstone/error.hpp>

struct sqlite3;
struct sqlite3_stmt;

namespace wheatstone::catalogue {

/// What SQLite refuses: the database is damaged, or there is no memory.
class DatabaseError : public StorageError {
 public:
  using StorageError::StorageError;
};

/// A prepared statement. Belongs to its database and thread.
class Statement {
 public:
  Statement(sqlite3* database, std::string_view sql);
  ~Statement();
  Statement(Statement&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  /// Binds all parameters in turn; texts are copied. Begins anew.
  template <class... Values>
  Statement& with(const Values&... values) {
    reset();
    int place = 0;
    (bind(++place, values), ...);
    return *this;
  }
  /// True while there is a row.
  bool step();
  /// For statements that give none.
  void run() {
    while (step()) {
    }
  }

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::optional<std::int64_t> integer_or_null(int column) const;
  [[nodiscard]] std::optional<double> real_or_null(int column) const;

 private:
  void reset();
  void bind(int place, std::int64_t value);
  void bind(int place, std::string_view value);
  void bind(int place, const std::string& value) { bind(place, std::string_view(value)); }
  void bind(int place, std::optional<std::int64_t> value);
  void bind(int place, std::optional<double> value);

  sqlite3_stmt* statement_ = nullptr;
};

/// Bytes that SQLite may take over and let grow.
struct ImageBytes {
  struct Free {
    void operator()(std::byte* bytes) const;
  };
  std::unique_ptr<std::byte[], Free> bytes = {};
  std::size_t size = 0;

  ImageBytes() = default;
  /// Not set to anything.
  explicit ImageBytes(std::size_t count);
  [[nodiscard]] std::span<std::byte> all() const { return {bytes.get(), size}; }
};

/// A database that lies in memory as a whole and comes from and goes to an image: SQLite touches no file and takes no
/// lock. One thread at a time.
class Database {
 public:
  /// An empty one.
  Database();
  /// That of an image, the bytes of which become its own. Throws DatabaseError where it is none.
  explicit Database(ImageBytes image);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void run(const char* sql);
  [[nodiscard]] Statement prepare(std::string_view sql) const { return {database_, sql}; }
  [[nodiscard]] std::int64_t last_key() const;

  /// The whole database as SQLite writes it to a file.
  [[nodiscard]] ImageBytes image() const;

 private:
  sqlite3* database_ = nullptr;
};

}  // namespace wheatstone::catalogue
