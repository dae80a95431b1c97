#pragma once
// Short ways to fill a store. For tests only.

#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "storage/test_run.hpp"

namespace wheatstone::catalogue {

using storage::TestStore;

inline io::Document instrument(const std::string& alias, const std::string& identity) {
  return io::Document::object({{"alias", alias}, {"profile", "keysight/34470A"}, {"identity", identity}});
}

inline io::Document parameter(const std::string& name, io::Document::Array values, const std::string& unit = "") {
  const auto count = static_cast<std::int64_t>(values.size());
  return io::Document::object(
      {{"name", name}, {"unit", unit}, {"notes", ""}, {"count", count}, {"values", std::move(values)}});
}

/// A finished run of `rows` rows with the column v = 0, 1, 2, ...
inline std::filesystem::path write_run(const TestStore& store, const std::string& name, int rows = 1,
                                       io::Document details = io::Document::object()) {
  auto run = storage::RunWriter::create(store.runs(), storage::RunStart{name, std::move(details), {}},
                                        base::system_clock(), io::system_files());
  run->add_column(storage::column("v"));
  for (int i = 0; i < rows; ++i) {
    run->set(0, 1.0 * i);
    run->commit();
  }
  run->finish(storage::Outcome::finished, {});
  return run->folder();
}

/// The instant from which on what was written up to now counts as settled: file systems' clocks are coarse.
class LaterClock final : public base::Clock {
 public:
  [[nodiscard]] std::int64_t monotonic() const override { return base::system_clock().monotonic(); }
  [[nodiscard]] std::int64_t boottime() const override { return base::system_clock().boottime(); }
  [[nodiscard]] Time wall() const override {
    constexpr std::int64_t k_minute = 60'000'000'000;
    return {base::system_clock().wall().nanoseconds + k_minute};
  }
  Wake wait_until(std::int64_t deadline, std::stop_token stop) override {
    return base::system_clock().wait_until(deadline, std::move(stop));
  }
};

}  // namespace wheatstone::catalogue
