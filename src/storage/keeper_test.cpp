// What waits to be sealed while the medium is slow takes no memory.

#include "storage/keeper.hpp"

#include <gtest/gtest.h>

#include <mutex>
#include <thread>

#include "io/fault_file.hpp"
#include "storage/run_folder.hpp"

namespace wheatstone::storage {
namespace {

constexpr std::int64_t k_chunk_rows = 65'536;

std::shared_ptr<ChunkWriter> full_chunk(Keeper& keeper, io::FaultDisk& disk, std::uint64_t first_row) {
  ChunkRequest request;
  request.columns.resize(1);
  request.columns[0].name = "x";
  request.columns[0].kind = Value::Kind::real;
  request.columns[0].type = type_of(Value::Kind::real);
  request.rows = k_chunk_rows;
  request.room.resize(1);
  std::shared_ptr<ChunkWriter> chunk = keeper.make(request);
  chunk->adopt(disk, first_row, "/disk/run/" + chunk_name(first_row));
  chunk->publish(k_chunk_rows - 1);
  return chunk;
}

TEST(Keeper, gives_up_the_memory_of_chunks_that_wait_for_a_slow_medium) {
  constexpr std::uint64_t k_chunks = 8;
  io::FaultDisk disk;
  disk.make_folders("/disk/run");
  std::mutex medium;  // held: the other thread gets nothing done
  const std::thread::id writer = std::this_thread::get_id();
  disk.before_change([&] {
    if (std::this_thread::get_id() != writer) const std::scoped_lock wait(medium);
  });
  Keeper keeper(disk, "/disk/run", base::make_uuid_v7(Time{}), [](std::string_view, const io::Document&) {});
  {
    const std::scoped_lock slow(medium);
    for (std::uint64_t k = 0; k < k_chunks; ++k) keeper.seal(full_chunk(keeper, disk, k * k_chunk_rows));
    EXPECT_EQ(disk.let_go_count->load(), static_cast<int>(k_chunks) - 2) << "all but the first two";
  }
  keeper.stop();
  for (std::uint64_t k = 0; k < k_chunks; ++k) {
    EXPECT_TRUE(disk.exists("/disk/run/" + part_name(k * k_chunk_rows)));
    EXPECT_FALSE(disk.exists("/disk/run/" + chunk_name(k * k_chunk_rows)));
  }
}

}  // namespace
}  // namespace wheatstone::storage
